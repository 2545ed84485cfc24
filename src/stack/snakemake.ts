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

/**
 * `CalledProcessError in line 25 of /x/Snakefile:` until version 7, `... in file "/x/Snakefile", line 25:` since then;
 * with `rule x in` before it where a rule is known.
 */
const RAISED =
  /^(\w{1,80}(?:Exception|Error)) in (?:(?:rule|checkpoint) (\S{1,200}) in )?(?:line (\d{1,9}) of ([^:]{1,1000})|file "?([^":]{1,1000})"?, line (\d{1,9}))(?:: ?(.*))?$/;
const RULE = /^Error in (?:rule|checkpoint) (\S{1,200}?):$/;
const KEY = /^ {4}(\w[\w -]{0,40}): ?(.*)$/;

/** What Snakemake says when a job or the workflow itself fails; what the job printed before is the cause. */
export const snakemake: StackLanguage = {
  id: 'snakemake',
  innermost: 'first',
  signs: ['Error in rule ', 'Error in checkpoint ', ' in line ', ' in file ', ' in rule '],
  frameIn(text) {
    const found = raisedIn(text);
    if (!found) return undefined;
    const start = text.indexOf(found.frame.file);
    const { file, line } = found.frame;
    const place = text.includes(`line ${line} of ${file}`) ? `line ${line} of ${file}` : file;
    return start < 0 ? undefined : inLine(text, place, found.frame);
  },
  find(lines) {
    const found: Finding[] = [];
    let rule: { name: string; at: number } | undefined;
    lines.forEach((line, at) => {
      const raised = raisedIn(line);
      if (raised) {
        const { type, frame } = raised;
        const message = raised.message ?? nextText(lines, at + 1);
        const error = { type, message, frames: [frame], causes: [] };
        found.push({ from: rule?.at ?? at, to: at, weight: WEIGHT.error, wraps: true, error });
        rule = undefined;
        return;
      }
      const name = line.startsWith('Error in ') ? RULE.exec(line)?.[1] : undefined;
      if (name === undefined) return;
      if (rule) found.push(ruleAt(lines, rule));
      rule = { name, at };
    });
    if (rule) found.push(ruleAt(lines, rule));
    return found;
  },
};

function raisedIn(
  line: string,
): { type: string; message: string | null; frame: Frame } | undefined {
  if (!line.includes(' in ')) return undefined;
  const [, type, rule, row, file, newFile, newRow, message] = RAISED.exec(line) ?? [];
  const path = file ?? newFile;
  const at = row ?? newRow;
  if (type === undefined || path === undefined || at === undefined) return undefined;
  return { type, message: messageOf(message), frame: frameAt(path, at, null, rule) };
}

/** The block of a failed rule names no place in the Snakefile; its log file says more where it has one. */
function ruleAt(lines: readonly string[], rule: { name: string; at: number }): Finding {
  let to = rule.at;
  let message: string | null = null;
  for (const line of lines.slice(rule.at + 1, rule.at + 60)) {
    const [, key, value] = KEY.exec(line) ?? [];
    if (!line.startsWith('    ')) break;
    to += 1;
    if (key === 'message') message = messageOf(value);
    if (key === undefined && line.includes('exited with')) message ??= messageOf(line);
  }
  const said = message === null ? '' : `: ${message}`;
  const error = {
    type: 'RuleException',
    message: `Error in rule ${rule.name}${said}`,
    frames: [],
    causes: [],
  };
  return { from: rule.at, to, weight: WEIGHT.line, wraps: true, error };
}
