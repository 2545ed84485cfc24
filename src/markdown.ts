/** Text of other programs inside Markdown: shown as it is, never as a link, an image or a command. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** A title and a table of facts, every text escaped. */
export function factTable(title: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(
    ([name, value]) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`,
  );
  const table = rows.length > 0 ? ['', '| | |', '|:--|:--|', ...lines] : [];
  return [`**${escapeMarkdown(title)}**`, ...table].join('\n');
}

/** For messages in which the window would make a link of `[text](target)`. */
export function withoutLinks(text: string): string {
  return text.replace(/\]\(/g, '] (');
}
