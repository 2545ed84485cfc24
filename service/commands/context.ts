import { randomUUID } from 'node:crypto';
import type { Monitor } from '../monitor.ts';
import { type Event, OWN_ID } from '../protocol/event.ts';

export interface CommandContext {
  monitor: Monitor;
  /** Epoch milliseconds. */
  now: number;
  /** Ends the service after the answer was sent. */
  stop: () => void;
  /** Ends when the asker has gone: nobody waits for the answer. */
  signal?: AbortSignal;
}

/** That of a route: what a route does never ends the service. */
export function contextOf(monitor: Monitor): CommandContext {
  return { monitor, now: Date.now(), stop: () => undefined };
}

/** What a command answers: how many records it concerned, or a record. */
export interface CommandResult {
  count?: number;
  body?: unknown;
}

export async function append({ monitor, now }: CommandContext, events: Event[]): Promise<number> {
  return (await monitor.append(events, now)).accepted;
}

export function newId(kind: string): string {
  return `${OWN_ID}${kind}:${randomUUID()}`;
}

/** Who it was, where it was said. */
export function who(by: string | undefined): { by?: string } {
  return by === undefined ? {} : { by };
}
