import {
  type Finding,
  frameAt,
  type FrameInLine,
  inLine,
  type LanguageId,
  messageOf,
  type Raised,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** bash: `run.sh: line 2: tabix: command not found`; dash: `run.sh: 2: tabix: not found`. */
const LINE = /^((?:[A-Za-z]:)?[^\s:][^:]{0,1000}): (?:line )?(\d{1,9}): (.{1,1000})$/;
/** zsh: `run.zsh:2: command not found: tabix`. */
const ZSH =
  /^((?:[A-Za-z]:)?[^\s:][^:]{0,1000}):(\d{1,9}): (command not found|no such file or directory|permission denied|parse error[^:]{0,100}|bad pattern|no matches found)(: .{1,500}|)$/;
const SAYS =
  /(command not found|not found|No such file or directory|Permission denied|unbound variable|parameter (?:not set|null or not set)|syntax error[^:]{0,200}|Syntax error[^:]{0,100}|unexpected EOF[^:]{0,200}|bad substitution|Bad substitution|division by 0|cannot execute[^:]{0,100}|Is a directory|Argument list too long|readonly variable|ambiguous redirect|Exec format error|Segmentation fault|Killed|Aborted|Bus error|Terminated|not a valid identifier|numeric argument required|bad interpreter)/;
/** `awk: syntax error at source line 3`, `awk: cmd. line:3: ...`, `mawk: line 3: ...`, `awk: a.awk:3: ...`. */
const AWK =
  /^([gmn]?awk): (?:([^\s:]{1,500}): line (\d{1,9}): (.*)|(.{0,200}?) at source line (\d{1,9})(?: source file (\S{1,500}))?|cmd\. line: ?(\d{1,9}): (.*)|line (\d{1,9}): (.*)|([^\s:]{1,500}):(\d{1,9}): (.*))/;
/** Lines between two complaints of one failure. */
const NEAR = 6;

/** bash, dash, ksh, zsh and the awks: one line each, with the place in the script where there is one. */
export const shell: StackLanguage = {
  id: 'bash',
  innermost: 'first',
  signs: [
    ': line ',
    'ot found',
    'awk: ',
    'yntax error',
    'arameter ',
    'ermission denied',
    'no such',
  ],
  frameIn(text) {
    const said = complaintIn(text);
    const frame = said?.error.frames[0];
    return frame && placeIn(text, frame.file, frame.line);
  },
  find(lines) {
    const found: Finding[] = [];
    lines.forEach((line, at) => {
      const error = complaintIn(line)?.error;
      if (!error) return;
      const last = found.at(-1);
      // What follows at once often follows from it: the first says why.
      if (last && at - last.to <= NEAR) last.to = at;
      else found.push({ from: at, to: at, weight: WEIGHT.line, error });
    });
    return found;
  },
};

function placeIn(text: string, file: string, line: number): FrameInLine | undefined {
  const rest = text.slice(file.length);
  const number = /^: ?(?:line )?\d{1,9}/.exec(rest)?.[0];
  if (!text.startsWith(file) || number === undefined) return undefined;
  return inLine(text, file + number, frameAt(file, line));
}

function complaintIn(line: string): { error: Raised } | undefined {
  const colon = line.indexOf(':');
  if (colon < 1 || line.length > 1500) return undefined;
  if (line.startsWith('awk') || line.slice(1, 5) === 'awk:') return awk(line);
  const zsh = ZSH.exec(line);
  if (zsh) return said(zsh[1], zsh[2], zsh[3] ?? null, `${zsh[3] ?? ''}${zsh[4] ?? ''}`);
  const digit = line.charCodeAt(line.startsWith('line ', colon + 2) ? colon + 7 : colon + 2);
  if (!(digit >= 48 && digit <= 57)) return undefined;
  const [, file, row, message] = LINE.exec(line) ?? [];
  const type = SAYS.exec(message ?? '')?.[1];
  if (file === undefined || type === undefined) return undefined;
  return said(file, row, type.split(' near ')[0] ?? type, message ?? null);
}

function said(
  file: string | undefined,
  row: string | undefined,
  type: string | null,
  message: string | null,
): { error: Raised } | undefined {
  if (file === undefined || row === undefined) return undefined;
  // What was typed into a shell is in no file.
  const typed = /^(?:-?(?:ba|da|k|z)?sh|.*\/(?:ba|da|k|z)?sh|environment|main)$/.test(file);
  const frames = typed ? [] : [frameAt(file.replace(/^.*?(?:ba|da)?sh: (?=\/|\.)/, ''), row)];
  const at = { file: null, line: Number(row), column: null };
  return { error: { type, message: messageOf(message), frames, at, causes: [] } };
}

function awk(line: string): { error: Raised } | undefined {
  const match = AWK.exec(line);
  if (!match) return undefined;
  const [, , script, scriptLine, inScript, bwk, bwkLine, bwkFile, ...more] = match;
  const [cmdLine, cmd, mawkLine, mawk, file, fileLine, inFile] = more;
  const row = scriptLine ?? bwkLine ?? cmdLine ?? mawkLine ?? fileLine;
  const text = inScript ?? bwk ?? cmd ?? mawk ?? inFile ?? '';
  const language: LanguageId = 'awk';
  const named = script ?? bwkFile ?? file;
  const frames = named === undefined ? [] : [frameAt(named, row ?? 1)];
  const at = { file: null, line: Number(row), column: null };
  const type = /syntax error|illegal statement|fatal|division by zero/.exec(text)?.[0] ?? null;
  return { error: { language, type, message: messageOf(line), frames, at, causes: [] } };
}
