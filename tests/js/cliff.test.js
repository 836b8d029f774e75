import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("cliff");

const { camera, isInside, light, lineAt, lineOf, loss, net, pieces, seen } = await import(
  "../../assets/components/cliff/ground.js"
);

const sigma = 1 / (1 + Math.exp(-0.5));
const DATA = {
  network: { start: 0.5, steps: 50, target: 0.7 },
  w: [3.5, 6.5],
  b: [-3.6, -1],
  line: { slope: -sigma, height: 0.5 },
  paths: [],
  told: "",
};

const LOSSES = [0.2248560113290597, 0.0017595700310953921, 0.006047605683882914, 0.04375419785705845];

test("the ground is the core's", () => {
  // core.experiments.cliff.cliff(w, b).loss
  for (const [w, b, expected] of [
    [3.5, -3.6, LOSSES[0]],
    [4.45, -2.23, LOSSES[1]],
    [5, -2.6, LOSSES[2]],
    [6.5, -1, LOSSES[3]],
  ]) {
    assert.ok(Math.abs(loss(DATA.network, w, b) - expected) < 1e-12);
  }
});

test("on the line the state stays where it is", () => {
  for (const [w, b, z] of lineOf(DATA, 9)) {
    assert.equal(b, lineAt(DATA, w));
    if (w < 4) assert.ok(Math.abs(z - (sigma - 0.7) ** 2 / 2) < 1e-12); // where it repels, rounding leads away
  }
});

test("the net is in the picture, and finest at the line", () => {
  const points = net(DATA, 5, 41);
  assert.ok(points.flat().every(([w, b]) => isInside(DATA, w, b)));
  const column = points[2].map(([, b]) => b);
  assert.equal(column[20], lineAt(DATA, 5));
  assert.ok(column[21] - column[20] < 0.01 && column[20] - column[19] < 0.01);
});

test("a path is drawn as far as it is in the picture", () => {
  const path = { name: "", w: [4, 4.1, 9], b: [-2, -2, -2] };
  const [piece, ...others] = pieces(DATA, path);
  assert.equal(others.length, 0);
  assert.deepEqual(piece[0].slice(0, 2), [4, -2]);
  assert.ok(piece.every(([w, b, z]) => isInside(DATA, w, b) && z === loss(DATA.network, w, b)));
  assert.deepEqual(
    seen(DATA, path).map(({ step }) => step),
    [0, 1],
  );
});

test("from the side what is higher is seen higher, and what is nearer is drawn later", () => {
  const place = camera(DATA, { turn: 0, tilt: 0.5 }, { width: 400, height: 300 }, 0.2);
  assert.ok(place([5, -2, 0.2]).y < place([5, -2, 0]).y);
  assert.ok(place([5, -1, 0]).near > place([5, -3.6, 0]).near);
  for (const w of DATA.w) {
    for (const b of DATA.b) {
      for (const z of [0, 0.2]) {
        const { x, y } = place([w, b, z]);
        assert.ok(x >= 0 && x <= 400 && y >= 0 && y <= 300);
      }
    }
  }
});

test("level ground is lightest", () => {
  const level = [
    [4, -2, 0.1],
    [4.1, -2, 0.1],
    [4.1, -1.9, 0.1],
    [4, -1.9, 0.1],
  ];
  const steep = level.map(([w, b], i) => [w, b, i > 1 ? 0.2 : 0]);
  assert.equal(light(level, DATA, 0.2), 1);
  assert.ok(light(steep, DATA, 0.2) < 0.8);
});

const { lens, SIDE } = await import("../../assets/components/cliff/lens.js");

/** A picture of 360 × 280 pixels at (44, 10) */
const PLANE = {
  left: 44,
  top: 10,
  across: 360,
  up: 280,
  place: ([w, b]) => ({ x: 44 + ((w - 3.5) / 3) * 360, y: 10 + ((-1 - b) / 2.6) * 280 }),
  back: (x, y) => [3.5 + ((x - 44) / 360) * 3, -1 - ((y - 10) / 280) * 2.6],
};
const moved = (by) => ({ ...DATA, paths: [{ w: [4, 9] }, { name: "", w: [4, 4 + by], b: [-2, -2] }] });

test("a path that the ring would hide is magnified, in the corner far from the start", () => {
  const found = lens(PLANE, moved(0.03));
  assert.equal(found.times, 10); // of 3.6 pixels: 36, which the corner holds
  assert.ok(Math.abs(found.length - 0.03) < 1e-12);
  const [start, end] = [4, 4.03].map((w) => found.place([w, -2, 0]));
  assert.deepEqual(start, { x: found.left + SIDE / 2, y: found.top + SIDE / 2 });
  assert.ok(Math.abs(end.x - start.x - 36) < 1e-9 && found.holds(end.x, end.y));
  assert.ok(found.left > PLANE.place([4, -2]).x + 23);
  const [w, b] = found.back(end.x, end.y);
  assert.ok(Math.abs(w - 4.03) < 1e-12 && Math.abs(b + 2) < 1e-12, "a click there places the ball there");
});

test("no path is magnified that is seen without, or that has no step", () => {
  assert.equal(lens(PLANE, moved(0.5)), null);
  assert.equal(
    lens(PLANE, {
      ...DATA,
      paths: [
        { w: [4], b: [-2] },
        { name: "", w: [4], b: [-2] },
      ],
    }),
    null,
  );
});
