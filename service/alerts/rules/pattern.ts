/** Names with `*` for any text: compared letter by letter, so that no pattern is slow. */

export function isPattern(text: string): boolean {
  return text.includes('*');
}

/** True when all of `text` fits. Goes back to the newest `*` only: at most pattern times text steps. */
export function fitsPattern(pattern: string, text: string): boolean {
  if (!isPattern(pattern)) return pattern === text;
  let at = 0;
  let star = -1;
  let resume = 0;
  let i = 0;
  while (i < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.length && pattern[at] === text[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
