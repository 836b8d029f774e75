// Where everything on the stage stands, and how its numbers are written: pure functions of the data and the width.

import { clamp, finite, gradientLabel } from "../shared.js";

/**
 * What the stage draws (explorer/components/stage.py), step by step; null: there is nothing to draw.
 * @typedef {object} StageData
 * @property {string[]} group whose weights: rnn, or encoder and decoder
 * @property {(string | null)[]} words @property {boolean[]} known @property {(number | null)[]} ids
 * @property {Record<string, number>} n_x @property {string} unit @property {("answer" | "label" | null)[]} fed
 * @property {number} n_a @property {string} state
 * @property {string} a float32
 * @property {number} scale @property {boolean[]} silent @property {(string | null)[]} said
 * @property {(number | null)[]} chance @property {(string | null)[] | null} sure
 * @property {(string | null)[] | null} detail @property {(string | null)[]} labels
 * @property {(number | null)[]} targets @property {(boolean | null)[]} right @property {boolean[]} guessed
 * @property {(number | null)[]} loss @property {number | null} total @property {Numbers} from_y
 * @property {Numbers} from_next @property {Numbers} grad @property {Numbers | null} via_attention
 * @property {(number | null)[][] | null} attention @property {(string | null)[] | null} looks
 * @property {number} selected @property {Update | null} update @property {string[]} summary
 * @property {Phase | null} [phase] if the page keeps that, too
 * @property {boolean} [tell] is the page to hear that the stage is painted?
 *
 * @typedef {(number | null)[]} Numbers
 * @typedef {"forward" | "backward"} Phase
 * @typedef {Pick<StageData, "loss" | "grad" | "from_y" | "from_next" | "via_attention">} Streams
 * @typedef {Streams & { taken: number, fresh: boolean }} Update the numbers from before the last update
 * @typedef {ReturnType<typeof layout>} Plan
 */

const GAP = 42; // the least room between two cells, so that a number such as 7.1e-3 fits above the arrow
const LONGEST = 12; // letters of a text that a column always has room for
const LETTER = 0.58; // em, the width of a letter, about

/** @param {unknown} v */
export const exact = (v) => (finite(v) ? String(v) : "–");

/** @param {unknown} v */
export const threeDigits = (v) => (finite(v) ? String(Number(v.toPrecision(3))) : "–");

/** @param {unknown} v */
export const twoDecimals = (v) => (finite(v) ? (v < 100 ? v.toFixed(2) : gradientLabel(v)) : "–");

/**
 * Pixels for the norm of a gradient: one pixel per power of ten, 1e-6 -> 1, 10 -> 8; the same for every sentence.
 * @param {unknown} norm
 */
export const thickness = (norm) => (finite(norm) && norm > 0 ? clamp(7 + Math.log10(norm), 1, 8) : 0);

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

/** The last position of the two sweeps @param {StageData} data */
export const lastPosition = (data) => (isJudged(data) ? 2 : 1) * data.words.length;

/** The width of the longest text in a column, in em, with its frame @param {StageData} data */
function textWidth({ words, said, labels, sure }) {
  const texts = sure ? [...words, ...said, ...labels] : words; // a prediction that names its chance is set narrower
  return LETTER * Math.max(...texts.map((text) => Math.min(text?.length ?? 0, LONGEST))) + 1.1;
}

/** Where everything stands, in pixels, in a stage `width` wide @param {StageData} data @param {number} width */
export function layout(data, width) {
  const T = data.words.length;
  const handed = encoded(data);
  const narrow = width < 560;
  const labels = narrow ? 46 : 100; // the row labels at the left
  const lead = narrow ? 36 : Math.round(clamp(width * 0.04, 44, 60)); // room for a⟨0⟩
  const tail = narrow ? 22 : 26; // room for the number beside the last arrow
  const gap = handed ? (narrow ? 30 : 40) : 0; // between encoder and decoder
  const text = textWidth(data);
  const least = Math.max(narrow ? 98 : 92, Math.ceil(13 * text + 10));
  const room = Math.floor((width - labels - lead - tail - gap) / T);
  const col = room >= least ? Math.min(room, 220) : Math.max(narrow ? 98 : 104, least); // fill the width, or scroll
  const font = clamp(Math.min(col * 0.125, width * 0.0125, (col - 10) / text), 13, 18);
  const em = (/** @type {number} */ n) => Math.round(n * font);
  const columns = Math.ceil(Math.sqrt(data.n_a));
  const unit = Math.floor(clamp(col - Math.max(GAP, em(3.4)) - 8, 40, em(5.6)) / columns);
  const cell = unit * columns + 8; // the frame around the grid takes 4 on each side
  const title = handed ? 1.9 : 0; // em
  const top = title - (isJudged(data) ? 0 : 8.6); // em: without labels, no row for them and their losses
  const prediction = top + (data.sure ? 1.1 : 0); // em, more: its chance stands in a line of its own
  const middle = prediction + (data.attention ? 1.4 : 0); // em, more: the way of the context
  const hidden = em(16 + middle);
  const below = hidden + cell;
  const lossTop = Math.max(0.5, ...[...data.loss, ...(data.update?.loss ?? [])].filter(finite));
  const heights = (/** @type {Numbers} */ losses) =>
    losses.map((v) => (finite(v) ? Math.max(1.5, (v / lossTop) * em(4)) : 0));
  const x = data.words.map((_, i) => lead + i * col + (i >= handed ? gap : 0));
  const region = (/** @type {number} */ from, /** @type {number} */ to) => ({
    left: x[from],
    width: col * (to - from),
  });
  return {
    ...{ narrow, labels, lead, col, font, cell, gap, handed, x },
    width: labels + lead + col * T + gap + tail,
    height: below + em(12),
    grid: { columns, rows: Math.ceil(data.n_a / columns), unit },
    rows: {
      title: em(title),
      loss: em(1.9 + top),
      target: em(7 + top),
      prediction: em(10.4 + top),
      foot: em(12.65 + prediction),
      rail: em(12.2 + middle),
      out: em(13 + middle),
      hidden,
      axis: hidden + cell / 2,
      grad: below + em(0.3),
      into: below + em(0.3),
      onehot: below + em(3.5),
      lift: below + em(6.2),
      word: below + em(9.5),
    },
    regions: handed ? [region(0, handed), region(handed, T)] : [],
    loss: heights(data.loss),
    ghost: heights(data.update?.loss ?? []),
    arrows: arrowWidths(data),
  };
}

/**
 * The way of an answer that is read again: from the middle of one column, down between the two, to the word of the next.
 * @param {Plan} plan @param {boolean} isLabel @param {boolean} isGuessed
 */
export function feedback({ rows, col, font }, isLabel, isGuessed) {
  const em = (/** @type {number} */ n) => n * font;
  const top = isLabel ? rows.target + em(isGuessed ? 2.5 : 1.4) : rows.foot;
  const height = rows.word - top - 7;
  const [from, lane, to] = [em(1.1), col / 2, col - em(1.25)];
  const down = `C${from} ${em(0.9)} ${lane} ${em(0.2)} ${lane} ${em(1.6)}V${height - em(1.7)}`;
  return {
    top,
    height,
    path: `M${from} 0${down}C${lane} ${height - em(0.6)} ${to} ${height - em(1.1)} ${to} ${height}`,
    head: `M${to - 4.5} ${height - 2}h9l-4.5 8z`,
  };
}
