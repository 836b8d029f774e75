// The singular value decomposition of a square matrix, W = Σ σ u vᵀ: along each u, Wᵀ stretches by σ, for Wᵀ u = σ v.

const PRECISION = 1e-12; // of a right angle
const MOST_SWEEPS = 40; // six to ten are enough

/**
 * The rows of W are turned in pairs, as in a plane, until all stand at right angles: then they are σ vᵀ, and the same turns
 * have made rows uᵀ of the identity. Source: Hestenes 1958, one-sided Jacobi.
 * @param {ArrayLike<number>} W n × n @param {number} n
 * @returns {{ stretch: number, along: Float64Array }[]} σ and u
 */
export function singular(W, n) {
  const numbers = Array.from({ length: n }, (_, i) => i);
  const rows = numbers.map((i) => Float64Array.from({ length: n }, (_, j) => W[i * n + j]));
  const turns = numbers.map((i) => Float64Array.from({ length: n }, (_, j) => Number(i === j)));
  let isTurned = true;
  for (let sweep = 0; isTurned && sweep < MOST_SWEEPS; sweep++) {
    isTurned = false;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const [one, other, both] = [dot(rows[p], rows[p]), dot(rows[q], rows[q]), dot(rows[p], rows[q])];
        if (!(Math.abs(both) > PRECISION * Math.sqrt(one * other))) continue;
        isTurned = true;
        const slant = (other - one) / (2 * both);
        const tangent = (slant < 0 ? -1 : 1) / (Math.abs(slant) + Math.hypot(1, slant));
        const cosine = 1 / Math.hypot(1, tangent);
        for (const pair of [rows, turns]) turn(pair[p], pair[q], cosine, cosine * tangent);
      }
  }
  return numbers.map((i) => ({ stretch: Math.sqrt(dot(rows[i], rows[i])), along: turns[i] }));
}

/** @param {Float64Array} u @param {Float64Array} v */
export function dot(u, v) {
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += u[i] * v[i];
  return sum;
}

/** @param {Float64Array} u @param {Float64Array} v @param {number} cosine @param {number} sine */
function turn(u, v, cosine, sine) {
  for (let i = 0; i < u.length; i++) {
    const before = u[i];
    u[i] = cosine * before - sine * v[i];
    v[i] = sine * before + cosine * v[i];
  }
}
