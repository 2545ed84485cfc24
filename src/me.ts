import { userInfo } from 'node:os';

/** Who acknowledges, silences, resolves and changes things here. */
export function me(): string {
  return userInfo().username;
}
