/** The texts of a component, which the page puts in front of its script (explorer/components/base.py) */
declare const TEXTS: Record<string, string>;
