/** Last-writer-wins registers: the value of the latest event, by its own time and then its id, whatever arrives first. */

export interface Register {
  value: unknown;
  time: number;
  id: string;
}

export type Registers = Map<string, Register>;

/** More keys than this are not kept; the alphabetically first stay, so that the order of arrival does not matter. */
const MAX_KEYS = 200;

interface Stamp {
  time: number;
  id: string;
}

/** Sets `key` unless a later event already did. `undefined` is no value and changes nothing. */
export function setRegister(registers: Registers, key: string, value: unknown, stamp: Stamp): void {
  if (value === undefined) return;
  const held = registers.get(key);
  if (held === undefined) {
    registers.set(key, { value, time: stamp.time, id: stamp.id });
    if (registers.size > MAX_KEYS) registers.delete(largestKey(registers));
  } else if (stamp.time > held.time || (stamp.time === held.time && stamp.id > held.id)) {
    held.value = value;
    held.time = stamp.time;
    held.id = stamp.id;
  }
}

/** Sets every own field of `values`. */
export function setAll(
  registers: Registers,
  values: Record<string, unknown> | undefined,
  stamp: Stamp,
): void {
  if (values === undefined) return;
  for (const key of Object.keys(values)) setRegister(registers, key, values[key], stamp);
}

export function readText(registers: Registers, key: string): string | null {
  const value = registers.get(key)?.value;
  return typeof value === 'string' ? value : null;
}

export function readNumber(registers: Registers, key: string): number | null {
  const value = registers.get(key)?.value;
  return typeof value === 'number' ? value : null;
}

export function readTexts(registers: Registers, key: string): string[] {
  const value = registers.get(key)?.value;
  return Array.isArray(value) ? (value as string[]) : [];
}

/** The registers as a plain object, keys in alphabetical order. */
export function readAll(registers: Registers): Record<string, unknown> {
  if (registers.size === 0) return {};
  const keys = [...registers.keys()].sort();
  return Object.fromEntries(keys.map((key) => [key, registers.get(key)?.value]));
}

/** Like `readAll` for registers that were only ever set to texts. */
export function readAllTexts(registers: Registers): Record<string, string> {
  return readAll(registers) as Record<string, string>;
}

function largestKey(registers: Registers): string {
  let largest = '';
  for (const key of registers.keys()) if (key > largest) largest = key;
  return largest;
}
