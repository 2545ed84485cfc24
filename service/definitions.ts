/** Changes of rules, channels and silences: one after the other, each for the revision that was read. */
import { type DefinitionTables, hasRoom, lastRevision } from './core/domain/definitions.ts';
import { ProductError } from './protocol/errors.ts';
import { type Definition, type Event, OWN_ID } from './protocol/event.ts';

export interface DefinitionParts {
  tables: DefinitionTables;
  /** Stores events; they are in the table when it resolves. */
  append: (events: readonly Event[], now?: number) => Promise<{ accepted: number }>;
  /** Epoch milliseconds. */
  now: () => number;
}

export interface DefinitionEdit {
  of: Definition;
  key: string;
  /** The revision that was edited; whatever is in effect when absent. */
  revision?: number | undefined;
  by?: string | undefined;
  /** All of it as it is to be, from what is in effect by then; null when it is to go. What it throws refuses the change. */
  make: () => object | null | Promise<object | null>;
}

/** Changes that may wait for their turn: people make them, so more are a defect of some program. */
const MAX_WAITING = 200;

export class Definitions {
  readonly #parts: DefinitionParts;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(parts: DefinitionParts) {
    this.#parts = parts;
  }

  /** 0 until somebody changed it. */
  revisionOf(of: Definition, key: string): number {
    return this.#parts.tables.definitions.get(`${of}/${key}`)?.revision ?? 0;
  }

  /** Resolves when the change is durable and in effect. Throws DEFINITION_CHANGED, DEFINITIONS_FULL, OVERLOADED. */
  change(edit: DefinitionEdit): Promise<void> {
    return this.inTurn(() => this.changeNow(edit));
  }

  /** Runs the task when all changes before it are done: what it reads stays as it is until it is done. */
  async inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new ProductError('OVERLOADED', { retryAfter: 1 });
    this.#waiting++;
    const before = this.#last;
    const done = before.then(task);
    this.#last = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      this.#waiting--;
    }
  }

  /** The same inside of `inTurn`. */
  async changeNow({ of, key, revision, by, make }: DefinitionEdit): Promise<void> {
    const { tables, append, now } = this.#parts;
    const held = this.revisionOf(of, key);
    if (revision !== undefined && revision !== held) throw changed(of, key, held, revision);
    if (held === 0 && !hasRoom(tables.definitions, now()))
      throw new ProductError('DEFINITIONS_FULL');
    const value = await make();
    // Revisions go on where one of that name has left: its changes are remembered for longer.
    const next = lastRevision(tables, of, key) + 1;
    const time = now();
    const { accepted } = await append(
      [
        {
          type: 'definition.changed',
          // The id names the revision: of two changes of the same one, only the first counts.
          id: `${OWN_ID}${of}:${key}:${next}${held === 0 ? `:${time}` : ''}`,
          ...{ time, of, key, revision: next },
          value: value === null ? null : { ...value },
          ...(by !== undefined && { by }),
        },
      ],
      time,
    );
    if (accepted === 0) throw new ProductError('DEFINITION_CHANGED');
  }
}

function changed(of: Definition, key: string, held: number, asked: number): ProductError {
  return new ProductError('DEFINITION_CHANGED', {
    detail: `The ${of} "${key}" is at revision ${held}, the change was made for ${asked}. Read it again, then repeat the change.`,
  });
}
