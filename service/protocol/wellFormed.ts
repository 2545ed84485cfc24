/**
 * Text with half of a UTF-16 pair in it: JSON can spell it ("\ud800"), UTF-8 and addresses cannot. `isWellFormed` and
 * `toWellFormed` of ES2024, for runtimes of ES2022.
 */
const HALF = /\p{Surrogate}/u;
const HALVES = /\p{Surrogate}/gu;

export function isWellFormed(text: string): boolean {
  return !HALF.test(text);
}

/** Halves become U+FFFD, as they do in UTF-8. */
export function toWellFormed(text: string): string {
  return text.replace(HALVES, '\ufffd');
}
