/** A text that fits: without control characters and marks of direction, which would move what stands beside. */
export function cut(text: string, length: number): string {
  const letters = Array.from(text.slice(0, length * 4).replace(/[\p{Cc}\p{Cf}]/gu, ''));
  return letters.length <= length ? letters.join('') : `${letters.slice(0, length - 1).join('')}…`;
}
