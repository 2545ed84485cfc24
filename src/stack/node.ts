import type { FrameInLine, StackLanguage } from './frame.ts';

/** `    at name (file:1:2)`, `    at async file:///x.mjs:1:2`, `    at file:1`. */
const FRAME = /^\s{0,64}at (.{1,1500})$/;
const PLACE = /^((?:file:\/\/|[A-Za-z]:[\\/]|[/.\w@~-])[^\n]*?):(\d{1,9})(?::(\d{1,9}))?$/;
/** The line above the source excerpt of a syntax error or an uncaught error: `/app/x.js:12`. */
const HEADER = /^((?:file:\/\/\/|\/|[A-Za-z]:[\\/])[^:"'()\s][^:"'()]{0,1000}):(\d{1,9})$/;
const SYNTHETIC = /^(?:node:|https?:|internal\/|native$|eval at|webpack:|<)/;

/** Node prints the innermost frame first. */
export const node: StackLanguage = {
  innermost: 'first',
  frameIn(text) {
    const at = FRAME.exec(text);
    if (!at) return header(text);
    const inner = (at[1] ?? '').trimEnd();
    const open = inner.endsWith(')') ? inner.indexOf(' (') : -1;
    const place = open < 0 ? inner.replace(/^async /, '') : inner.slice(open + 2, -1);
    const [, raw, line, column] = PLACE.exec(place) ?? [];
    if (raw === undefined || line === undefined || SYNTHETIC.test(raw)) return undefined;
    if (!/[./\\]/.test(raw)) return undefined; // "at 10:30" is a time
    const name = open < 0 ? '' : inner.slice(0, open);
    const start = text.lastIndexOf(place);
    const frame = {
      file: pathOf(raw),
      line: Number(line),
      column: column === undefined ? null : Number(column),
      function: name ? name.replace(/^async /, '') : null,
    };
    return { frame, start, end: start + place.length };
  },
};

function header(text: string): FrameInLine | undefined {
  const [place, raw, line] = HEADER.exec(text) ?? [];
  if (place === undefined || raw === undefined || line === undefined) return undefined;
  const frame = { file: pathOf(raw), line: Number(line), column: null, function: null };
  return { frame, start: 0, end: place.length };
}

/** The path a `file:` URL names; any other text as it is. */
function pathOf(raw: string): string {
  if (!raw.startsWith('file://')) return raw;
  const path = raw.slice('file://'.length).replace(/[?#].*$/, '');
  // file:///C:/x is C:/x
  const local = /^\/[A-Za-z]:[\\/]/.test(path) ? path.slice(1) : path;
  try {
    return decodeURIComponent(local);
  } catch {
    return local; // a stray % in the name: the text itself is the best guess
  }
}
