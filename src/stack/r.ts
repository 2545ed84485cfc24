import {
  type Finding,
  type Frame,
  frameAt,
  inLine,
  messageOf,
  nextText,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** `Error in f(x) : message`, `Error in f() (from run.R#3) : message`, `Error: message`. */
const SAID =
  /^Error(?: in (.{1,500}?))?(?: \((?:from )?([^\s()#]{1,500})#(\d{1,9})\))?( ?):(?: (.*))?$/;
/** `3: stop("x") at run.R#3` of traceback(), `(from run.R#3)`. */
const HASH = /(?:\bat |from |\()([^\s()#'"]{1,500}\.[rR](?:md|nw)?)#(\d{1,9})/;
/** rlang: `  at run.R:3:5`; the parser: `Error in file("run.R") : run.R:3:5: unexpected symbol`. */
const COLONS =
  /(?:^\s{1,40}at |^Error.{0,200}: |^\s{0,4})([^\s:'"()]{1,500}\.[rR](?:md|nw)?):(\d{1,9}):(\d{1,9})(?::|$)/;
/** R Markdown and knitr: `Quitting from lines 10-12 [chunk] (report.Rmd)`. */
const QUITTING =
  /^Quitting from (?:lines )?(?:(\d{1,9})(?:-\d{1,9})? .{0,200}\(([^()]{1,500})\)|([^\s:]{1,500}):(\d{1,9}))/;
const CODE = /^[A-Za-z_.][\w.]{0,200}/;

/** What Rscript, knitr and rlang print; R says the place only when it is asked to (`options(show.error.locations = TRUE)`). */
export const r: StackLanguage = {
  id: 'r',
  innermost: 'first',
  signs: ['Error in ', 'Error: ', 'Execution halted', '.R#', '.r#', '.R:'],
  frameIn(text) {
    const frame = frameOf(text);
    if (!frame) return undefined;
    const mark = text.includes(`${frame.file}#`) ? '#' : ':';
    const column = mark === ':' && frame.column !== null ? `:${frame.column}` : '';
    return inLine(text, `${frame.file}${mark}${frame.line}${column}`, frame);
  },
  find(lines) {
    const found: Finding[] = [];
    lines.forEach((line, at) => {
      if (line.startsWith('Error')) {
        const finding = raisedAt(lines, at);
        if (finding) found.push(finding);
        return;
      }
      const last = found.at(-1);
      if (!last || at - last.to > 30) return;
      if (line.startsWith('Execution halted')) {
        last.weight = WEIGHT.error;
        last.to = at;
      } else if (line.includes('.')) {
        const frame = frameOf(line);
        if (frame) last.error.frames.push(frame);
      }
    });
    return found;
  },
};

function frameOf(line: string): Frame | undefined {
  const [, script, hash] = line.includes('#') ? (HASH.exec(line) ?? []) : [];
  if (script !== undefined && hash !== undefined) return frameAt(script, hash);
  if (line.startsWith('Quitting from ')) {
    const [, row, file, named, at] = QUITTING.exec(line) ?? [];
    const name = file ?? named;
    const number = row ?? at;
    return name === undefined || number === undefined ? undefined : frameAt(name, number);
  }
  const [, file, row, column] = /\.[rR]\w{0,2}:/.test(line) ? (COLONS.exec(line) ?? []) : [];
  return file === undefined || row === undefined ? undefined : frameAt(file, row, column);
}

function raisedAt(lines: readonly string[], at: number): Finding | undefined {
  const line = lines[at] ?? '';
  const said = SAID.exec(line);
  if (!said) return undefined;
  const [, call, file, row, space, message] = said;
  // Snakemake's "Error in rule x:" has no space before the colon.
  if (call !== undefined && space === '') return undefined;
  const quit = lines.slice(Math.max(0, at - 3), at).find((above) => above.startsWith('Quitting'));
  const frame =
    file !== undefined && row !== undefined
      ? frameAt(file, row)
      : (frameOf(line) ?? (quit === undefined ? undefined : frameOf(quit)));
  const name = call === undefined ? null : (CODE.exec(call)?.[0] ?? null);
  const frames = frame ? [{ ...frame, function: name }] : [];
  // "Error: x" is printed by many: by itself it is R's only with "in f(x) :" or a place.
  const sure = call !== undefined || frame !== undefined;
  const text = messageOf(message) ?? nextText(lines, at + 1, 2);
  if (!sure && !halts(lines, at)) return undefined;
  const error = { type: 'Error', message: text, frames, causes: [] };
  return { from: at, to: at, weight: frame ? WEIGHT.error : WEIGHT.line, error };
}

function halts(lines: readonly string[], at: number): boolean {
  return lines.slice(at + 1, at + 30).some((line) => line.startsWith('Execution halted'));
}
