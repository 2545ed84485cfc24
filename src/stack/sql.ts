import {
  type Finding,
  type Frame,
  frameAt,
  inLine,
  type LanguageId,
  messageOf,
  nextText,
  type Raised,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** psql: `psql:load.sql:3: ERROR:  relation "x" does not exist`. */
const PSQL = /^psql:([^\s:][^:]{0,1000}):(\d{1,9}): (ERROR|FATAL): {1,2}(.*)$/;
const SERVER = /^(ERROR|FATAL): {2}(.*)$/;
const LINE_OF = /^LINE (\d{1,9}): /;
/** mysql: `ERROR 1064 (42000) at line 3 in file: 'a.sql': message`. */
const MYSQL =
  /^ERROR (\d{1,6}) \((\w{1,8})\)(?: at line (\d{1,9}))?(?: in file: '([^']{1,500})')?: (.*)$/;
/** sqlite3: `Parse error near line 3: message`, `Error: near line 3: message`. */
const SQLITE = /^(Parse error|Runtime error|Error):? near line (\d{1,9}): (.*)$/;
/** dbt: `Database Error in model orders (models/orders.sql)`. */
const DBT =
  /^\s{0,16}((?:Database|Compilation|Runtime|Parsing|Validation|Dependency|Internal) Error) in (\w{1,40}) (\S{1,300}) \(([^()]{1,500})\)$/;
const DBT_LINE = /^\s{0,16}(?:LINE|line) (\d{1,9})(?::|$)/;
const COMPILED = /compiled code at (\S{1,1000})/i;

/** psql, mysql, sqlite3 and dbt. */
export const sql: StackLanguage = {
  id: 'sql',
  innermost: 'first',
  signs: ['ERROR: ', 'FATAL: ', 'ERROR ', 'near line ', ' Error in '],
  frameIn(text) {
    const [, file, line] = text.startsWith('psql:') ? (PSQL.exec(text) ?? []) : [];
    if (file !== undefined && line !== undefined)
      return inLine(text, `${file}:${line}`, frameAt(file, line));
    const model = text.includes(' Error in ') ? DBT.exec(text)?.[4] : undefined;
    return model === undefined ? undefined : inLine(text, model, frameAt(model, 1));
  },
  find(lines) {
    const found: Finding[] = [];
    lines.forEach((line, at) => {
      if (line.length < 12) return;
      const error = client(lines, at) ?? (line.includes(' Error in ') ? dbt(lines, at) : undefined);
      if (!error) return;
      const last = found.at(-1);
      // A failed statement makes the rest of its file fail; dbt says all again at the end.
      if (last && last.error.language === error.language) last.to = at;
      else found.push({ from: at, to: at, weight: WEIGHT.error, error });
    });
    return found;
  },
};

function client(lines: readonly string[], at: number): Raised | undefined {
  const line = lines[at] ?? '';
  const psql = PSQL.exec(line);
  if (psql) return postgres(lines, at, psql[4], frameAt(psql[1] ?? '', psql[2] ?? 1));
  const server = SERVER.exec(line);
  if (server) return postgres(lines, at, server[2], undefined);
  const mysql = line.startsWith('ERROR ') ? MYSQL.exec(line) : null;
  if (mysql) {
    const [, code = '', , row, file, message] = mysql;
    return raised(`ERROR ${code}`, message, file, row);
  }
  const sqlite = line.includes('near line ') ? SQLITE.exec(line) : null;
  return sqlite ? raised(sqlite[1] ?? null, sqlite[3], undefined, sqlite[2]) : undefined;
}

function raised(
  type: string | null,
  message: string | undefined,
  file: string | undefined,
  row: string | undefined,
): Raised {
  const at = { file: null, line: Number(row ?? 1), column: null };
  const frames = file === undefined ? [] : [frameAt(file, row ?? 1)];
  const known = row === undefined ? {} : { at };
  return { type, message: messageOf(message), frames, ...known, causes: [] };
}

/** Below the message stand `LINE 3: select ...` and a `^`: the place in the statement, not in the file. */
function postgres(
  lines: readonly string[],
  at: number,
  message: string | undefined,
  frame: Frame | undefined,
): Raised {
  const below = lines.slice(at + 1, at + 3).findIndex((line) => LINE_OF.test(line));
  const place = below < 0 ? undefined : lines[at + 1 + below];
  const found = place === undefined ? null : LINE_OF.exec(place);
  const caret = below < 0 ? -1 : (lines[at + 2 + below] ?? '').indexOf('^');
  const column = found && caret >= found[0].length ? caret - found[0].length + 1 : null;
  const spot = found ? { at: { file: null, line: Number(found[1]), column } } : {};
  const frames = frame ? [frame] : [];
  return { type: 'ERROR', message: messageOf(message), frames, ...spot, causes: [] };
}

/** The line that the database names is one of the compiled statement; a compilation error names one of the model. */
function dbt(lines: readonly string[], at: number): Raised | undefined {
  const [, type, , name, file] = DBT.exec(lines[at] ?? '') ?? [];
  if (type === undefined || file === undefined) return undefined;
  const block: string[] = [];
  for (const line of lines.slice(at + 1, at + 25)) {
    if (line.trim() === '' || DBT.test(line)) break;
    block.push(line);
  }
  const row = block.map((line) => DBT_LINE.exec(line)?.[1]).find((found) => found !== undefined);
  const compiled = block
    .map((line) => COMPILED.exec(line)?.[1])
    .find((found) => found !== undefined);
  const inModel = type === 'Database Error' || row === undefined ? 1 : Number(row);
  const frames: Frame[] = [frameAt(file, inModel, null, name)];
  if (compiled !== undefined) frames.push({ ...frameAt(compiled, row ?? 1), library: true });
  const language: LanguageId = 'dbt';
  return { language, type, message: nextText(block, 0), frames, causes: [] };
}
