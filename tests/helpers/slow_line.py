"""A line to the server that takes its time: every message, either way, arrives late, but in its order."""

from playwright.sync_api import Page

# Instead of the browser's own WebSocket. Random delays are those of a small generator, so that a seed gives them again.
SLOW = """([seed, least, most]) => {
    const random = () => {
        seed = (seed + 0x6d2b79f5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    const line = () => {
        const waiting = [];  // a timer may be early by a little: whichever is over first, the first message arrives
        let free = 0;  // when the message before has arrived
        return act => {
            waiting.push(act);
            free = Math.max(free, performance.now() + least + random() * (most - least));
            setTimeout(() => waiting.shift()(), free - performance.now());
        };
    };
    window.WebSocket = class extends WebSocket {
        there = line();
        back = line();
        send(data) {
            this.there(() => super.send(data));
        }
        set onmessage(listener) {
            this.addEventListener("message", listener);
        }
        addEventListener(kind, listener, ...more) {
            const late = event => this.back(() => listener.call(this, event));
            super.addEventListener(kind, kind === "message" ? late : listener, ...more);
        }
    };
}"""


def slow_line(page: Page, seed: int, least: int, most: int) -> None:
    """From the next page on, every message takes so many milliseconds"""
    page.add_init_script(f"({SLOW})([{seed}, {least}, {most}])")
