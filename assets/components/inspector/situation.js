// Which of all that could be said of a step is true: the choices of equations.js ask for it.

/** @import { InspectorData } from "./factors.js" */

/**
 * Which text of every choice is true at step t: the value of each aspect
 * @param {InspectorData} data @param {number} t @returns {Record<string, string>}
 */
export function situation({ words, group, fed, known, answers, attention }, t) {
  const [i, T, answer] = [t - 1, words.length, answers[t - 1]];
  const isDue = answer !== null && answer.target !== null;
  const isLast = t === T;
  const look = !attention ? "none" : group[i] === "encoder" ? "encoder" : "decoder";
  const side = answer?.target ? "one" : "zero";
  return {
    title: words[i] === null ? "nothing" : group[i],
    before: i === 0 ? "first" : group[i - 1] === group[i] ? "later" : "handed",
    input: words[i] === null ? "nothing" : (fed[i] ?? (known[i] ? "known" : "unknown")),
    answer: !answer ? "silent" : isDue ? "due" : "unlabelled",
    side,
    target: answer?.guessed ? `guessed_${side}` : side,
    label: answer?.guessed ? "guessed" : "known",
    next: isLast ? "last" : group[i] === group[t] ? "more" : "handed",
    look,
    streams: answers.some((one) => one && one.target !== null) ? arriving(isDue, isLast, look) : "none",
  };
}

/** @param {boolean} isDue @param {boolean} isLast @param {string} look */
function arriving(isDue, isLast, look) {
  if (look === "encoder") return "attention";
  if (look === "decoder" && isDue) return isLast ? "look_last" : "look";
  if (isDue) return isLast ? "last" : "both";
  return isLast ? "nothing" : "next";
}
