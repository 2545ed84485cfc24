/** `Workers: 2 -> 4`. */
export function titleOf(name: string, from: unknown, to: unknown, unit?: string): string {
  const of = unit === undefined ? '' : ` ${unit}`;
  return `${name}: ${String(from)} -> ${String(to)}${of}`;
}
