// Where everything on the stage stands, and how its numbers are written: pure functions of the data and the room.

import { clamp, finite, gradientLabel, printed } from "../shared.js";

/**
 * @import { InspectorData } from "../inspector/factors.js"
 * What the stage draws (explorer/components/stage.py), step by step; null: there is nothing to draw.
 * @typedef {object} StageData
 * @property {string[]} group whose weights: rnn, or encoder and decoder
 * @property {(string | null)[]} owners what each loss is called after
 * @property {(string | null)[]} words @property {boolean[]} known @property {(number | null)[]} ids
 * @property {Record<string, number>} n_x @property {string} unit @property {("answer" | "label" | null)[]} fed
 * @property {number} n_a @property {string} state
 * @property {string} a float32
 * @property {number} scale @property {boolean[]} silent @property {(string | null)[]} said
 * @property {(number | null)[]} chance @property {(string | null)[] | null} sure
 * @property {(string | null)[] | null} detail @property {(string | null)[]} labels
 * @property {(number | null)[]} targets @property {(boolean | null)[]} right @property {boolean[]} guessed
 * @property {(number | null)[]} loss @property {number | null} total @property {Numbers} from_y
 * @property {(string | null)[]} loss_said in figures that add up to the total
 * @property {(string | null)[]} read what is read, as the dictionary spells it
 * @property {Numbers} from_next @property {Numbers} grad @property {Numbers | null} via_attention
 * @property {(number | null)[][] | null} attention @property {(string | null)[] | null} looks
 * @property {number} selected @property {Update | null} update @property {string[]} summary
 * @property {string} question what the network is asked
 * @property {string} measure what the bar of a prediction is long by: P(name)
 * @property {Record<string, Matrix>} weights those that the dock has not
 * @property {string} d_logits ŷ − y of the classes that are shown, answer by answer
 * @property {InspectorData} dock
 * @property {InspectorData | null} reverse the second stream of a network that reads in both directions
 * @property {StageData | null} [before] what was there before the update, if the reader holds the stage and has it not
 * @property {Phase | null} [phase] if the page keeps that, too
 * @property {"all" | "last" | number} [whose] whose error is sent back
 * @property {"dock" | "answer" | null} [beside] what is seen with the stage, if that can be chosen
 * @property {number[] | null} [sound] of a melody that can be heard: when each step begins, in seconds
 * @property {object} result what the strip shows
 * @property {string} [heard] the last weight that was set by hand, as the page has it
 * @property {[string, string] | false} [corrects] the two labels, where the reader may correct them
 * @property {boolean} [tell] is the page to hear that the stage is painted?
 *
 * @typedef {(number | null)[]} Numbers
 * @typedef {{ values: string, rows: number, columns: number }} Matrix of float32
 * @typedef {"forward" | "backward"} Phase
 * @typedef {"all" | number} Whose the error of all steps, or of this one
 * @typedef {object} Update what the last update did, and the numbers from before it
 * @property {number} taken how many there were @property {boolean} fresh @property {number} size steps of the last press
 * @property {Numbers} loss @property {(string | null)[]} loss_said @property {Numbers} chance
 * @property {number | null} total
 * @property {number | null} norm of the first gradient @property {number | null} clipped after clipping
 * @property {string | null} clipping off, norm or value @property {number | null} limit
 * @property {Moved[]} moved of every weight the entry that moved most, the largest move first
 * @property {boolean} edited one weight was set by hand
 * @property {number | null} rate @property {number} most_changed the step whose loss changed most
 * @typedef {{ label: string, group: string, name: string, row: number, column: number, answer: string | null, before: number, after: number }} Moved
 * @typedef {ReturnType<typeof layout>} Plan
 */

const LONGEST = 12; // letters of a text that a column always has room for
const LETTER = 0.58; // em, the width of a letter, about
const FRAME = 6; // px of a column that its text never has: the border of a word, and room beside it
const LEAST = 75; // px, the least width of a column
export const BORDER = 2; // px, of the card, left and right
const WIDE = 900; // px, from which on the dock has room beside the stage; as in inspector.css
const TALL = 860; // px of the window, from which on it has room below it
const GUTTER = 12; // px between the two

/**
 * What depends on how large type is, in px
 * @typedef {object} Sizes
 * @property {number} labels the row labels at the left
 * @property {number} weights @property {number} unit @property {number} font the most for the weights, a row, its type
 * @property {number} between the least between two cells: an arrow, and the name above it
 * @property {[number, number]} dock how wide it may be beside the stage
 * @property {number} below how high it is below it, as in stage.css, with the gap
 * @property {number} most of the window's height that the stage may take
 * @property {number} besides of that for the running line, the legend, and a margin
 */
/** @type {Sizes} */
export const LAPTOP = {
  ...{ labels: 74, weights: 150, unit: 23, font: 20, between: 34 },
  ...{ dock: [312, 460], below: 188, most: 720, besides: 104 },
};
/** So that it is read from the last row @type {Sizes} */
export const PROJECTOR = {
  ...{ labels: 92, weights: 200, unit: 31, font: 27, between: 44 },
  ...{ dock: [440, 660], below: 252, most: Number.POSITIVE_INFINITY, besides: 112 },
};

/** As a reader can copy it: five digits, a true minus @param {unknown} v */
export const exact = (v) => (finite(v) ? printed(String(Number(v.toPrecision(5)))) : "–");

/** @param {unknown} v */
export const twoDecimals = (v) => (finite(v) ? (v < 100 ? v.toFixed(2) : gradientLabel(v)) : "–");

/**
 * Pixels for the norm of a gradient: one pixel per power of ten, 1e-6 -> 1, 10 -> 8; the same for every sentence.
 * @param {unknown} norm
 */
export const thickness = (norm) => (finite(norm) && norm > 0 ? clamp(7 + Math.log10(norm), 1, 8) : 0);

export const LOSS_SCALE = /** @type {const} */ ([0.01, 10]); // from no bar to the full one, by powers of ten

/** How much of the full bar a loss is: the same in every sentence @param {unknown} loss */
export function barOf(loss) {
  const [low, high] = LOSS_SCALE.map(Math.log10);
  return finite(loss) && loss > 0 ? clamp((Math.log10(loss) - low) / (high - low), 0, 1) : 0;
}

/**
 * The stream that comes down to each a⟨t⟩: from its ŷ⟨t⟩, or to one that has none, through attention.
 * @param {Pick<StageData, "from_y" | "via_attention" | "silent">} data
 */
export const fromAbove = ({ from_y, via_attention, silent }) =>
  from_y.map((v, i) => (silent[i] && via_attention ? via_attention[i] : v));

/**
 * Of the two streams that meet at each a⟨t⟩: from above and from a⟨t+1⟩.
 * @param {Pick<StageData, "from_y" | "from_next" | "via_attention" | "silent">} streams
 */
export const arrowWidths = (streams) => ({
  y: fromAbove(streams).map(thickness),
  next: streams.from_next.map(thickness),
});

/**
 * How many steps the encoder takes: the next one is the decoder's first. 0 where one cell does it all.
 * @param {Pick<StageData, "group">} data
 */
export const encoded = ({ group }) => (group.at(-1) === group[0] ? 0 : group.lastIndexOf(group[0]) + 1);

/**
 * Is there a right answer anywhere? If not, there is no loss, and nothing to send back.
 * @param {Pick<StageData, "labels">} data
 */
export const isJudged = ({ labels }) => labels.some((label) => label !== null);

/** The width of the longest of these texts in a column, in em, with its frame @param {(string | null)[]} texts */
const textWidth = (texts) => LETTER * Math.max(...texts.map((text) => Math.min(text?.length ?? 0, LONGEST))) + 1.1;

/** The least width of a column with such a text, in px @param {number} text its width, in em */
const leastColumn = (text) => Math.max(LEAST, Math.ceil(12 * text + FRAME));

/** As on a projector: then type is larger, here and wherever a style sheet says so */
export const isLarge = () => matchMedia("(min-width: 1800px) and (min-height: 900px)").matches;

/** As on a phone, in px @param {number} width */
export const isNarrow = (width) => width < 560;

/**
 * How the width of a stage is shared out, and what is left of it for each column
 * @param {Pick<StageData, "words" | "group">} data @param {number} width @param {Sizes} sizes
 */
function across(data, width, sizes) {
  const narrow = isNarrow(width);
  const handed = encoded(data);
  const labels = narrow ? 46 : sizes.labels;
  const weights = narrow ? 112 : clamp(Math.round(width * 0.11), 100, sizes.weights);
  const lead = 40; // room for a⟨0⟩
  const tail = narrow ? 22 : 8;
  const gap = handed ? (narrow ? 30 : 40) : 0; // between encoder and decoder
  const room = Math.floor((width - labels - weights - lead - tail - gap) / data.words.length);
  return { narrow, handed, labels, weights, lead, tail, gap, room };
}

/**
 * Where the dock stands, with its width, and the width that is left for the stage: beside it; below it, where only so
 * all columns are seen; over it, where neither has room; away, where the answer takes its place.
 * @param {Pick<StageData, "words" | "group" | "beside">} data @param {number} width of both, in px
 * @param {number} height of the window @param {Sizes} [sizes]
 */
export function arrange(data, width, height, sizes = LAPTOP) {
  const dock = Math.round(clamp(0.26 * width, ...sizes.dock));
  const beside = width - dock - GUTTER;
  const fits = (/** @type {number} */ room, /** @type {number} */ least) =>
    across(data, room - BORDER, sizes).room >= least;
  if (data.beside === "answer") return { seen: "away", dock: 0, width };
  if (width < WIDE) return { seen: "over", dock: 0, width };
  const isTight = Boolean(data.beside) && height >= TALL && !fits(beside, leastColumn(textWidth(data.words)));
  if (isTight && fits(width, LEAST)) return { seen: "below", dock: 0, width };
  return { seen: "beside", dock, width: beside };
}

/**
 * Where everything stands, in pixels, in a stage `width` wide that should be no higher than `height`
 * @param {StageData} data @param {number} width @param {number} height
 * @param {boolean} [mayCut] may a long text lose its end, so that all columns are seen? @param {Sizes} [sizes]
 */
export function layout(data, width, height, mayCut = false, sizes = LAPTOP) {
  const T = data.words.length;
  const { narrow, handed, labels, weights, lead, tail, gap, room } = across(data, width, sizes);
  const hasMemory = data.state !== "a";
  const text = textWidth(data.sure ? [...data.words, ...data.said, ...data.labels] : data.words); // a prediction that names its chance is set narrower
  const least = leastColumn(text);
  const fits = room >= (mayCut && !narrow ? LEAST : least);
  const col = fits ? Math.min(room, 190) : Math.max(narrow ? 92 : 88, least); // fill the width, or scroll
  const title = handed ? 1.8 : 0;
  const top = title - (isJudged(data) ? 0 : 5); // without labels, no row for them and their losses
  const prediction = top + (data.sure ? 1.1 : 0); // more: its chance stands in a line of its own
  const middle = prediction + (data.attention ? 3.1 : 0); // more: the way of the context, and where it looks
  const isBoth = Boolean(data.reverse);
  const states = (hasMemory ? 6.6 : 3.7) + (isBoth ? 4.8 : 0); // the hidden state, of the LSTM its memory below it, ←a
  const unit = clamp(height / (17.6 + middle + states), 12, sizes.unit); // of one row
  const font = clamp(Math.min(col * 0.15, unit * 0.92, (col - FRAME) / text), 12, sizes.font);
  const em = (/** @type {number} */ n) => Math.round(n * unit);
  const columns = Math.ceil(Math.sqrt(data.n_a));
  const most = clamp(col - sizes.between - 8, 32, em(hasMemory || isBoth ? 2.5 : 3.5));
  const square = Math.max(1, Math.floor(most / columns));
  const cell = square * columns + 8; // the frame around the grid takes 4 on each side
  const hidden = em(10.1 + middle);
  const memory = hidden + cell + em(0.75);
  const later = (hasMemory ? memory : hidden) + cell + em(0.75);
  const below = isBoth ? later + cell : later - em(0.75);
  const bar = em(2.4);
  const heights = (/** @type {Numbers} */ losses) => losses.map((v) => (finite(v) ? Math.max(1.5, barOf(v) * bar) : 0));
  const x = data.words.map((_, i) => lead + i * col + (i >= handed ? gap : 0));
  const region = (/** @type {number} */ from, /** @type {number} */ to) => ({
    left: x[from],
    width: col * (to - from),
  });
  return {
    ...{ narrow, labels, weights, lead, col, font, unit, cell, gap, handed, x, bar, hasMemory, isBoth },
    width: labels + weights + lead + col * T + gap + tail,
    height: below + em(isBoth ? 8.4 : 7.4),
    grid: { columns, rows: Math.ceil(data.n_a / columns), unit: square },
    rows: {
      title: em(title),
      loss: em(0.3 + top),
      target: em(4.1 + top),
      prediction: em(5.6 + top),
      foot: em(7.6 + prediction),
      rail: em(6.8 + middle),
      out: em(7.8 + middle),
      hidden,
      memory,
      later,
      behind: later + cell / 2,
      axis: hidden + cell / 2,
      grad: below + em(0.1),
      into: below + em(0.1),
      onehot: below + em(isBoth ? 3.0 : 2.0),
      lift: below + em(isBoth ? 4.9 : 3.9),
      word: below + em(isBoth ? 6.0 : 5.0),
    },
    regions: handed ? [region(0, handed), region(handed, T)] : [],
    loss: heights(data.loss),
    ghost: heights(data.update?.loss ?? []),
    arrows: arrowWidths(data),
  };
}

/**
 * The way of an answer that is read again: from the middle of one column, down between the two, to the word of the next.
 * @param {Plan} plan @param {boolean} isLabel
 */
export function feedback({ rows, col, unit }, isLabel) {
  const em = (/** @type {number} */ n) => n * unit;
  const top = isLabel ? rows.target + em(1.3) : rows.foot;
  const height = rows.word - top - 7;
  const [from, lane, to] = [em(1.1), col / 2, col - em(1.25)];
  const name = rows.axis - 20 - top; // of Waa, above the arrow between the two states: the way leaves its line free
  const middle = `V${name - 3}M${lane} ${name + 14}V${height - em(1.7)}`;
  const down = `C${from} ${em(0.9)} ${lane} ${em(0.2)} ${lane} ${em(1.6)}${middle}`;
  return {
    top,
    height,
    path: `M${from} 0${down}C${lane} ${height - em(0.6)} ${to} ${height - em(1.1)} ${to} ${height}`,
    head: `M${to - 4.5} ${height - 2}h9l-4.5 8z`,
  };
}
