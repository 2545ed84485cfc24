/** Reads the fields of a layout file one by one; what is wrong is said with the place it stands at. */
import { t } from '@vscode/l10n';

/** A layout that cannot be used: `path` is where, such as `items[3].widget.metric`; the message names it too. */
export class LayoutError extends Error {
  readonly path: string;

  constructor(path: string, what: string) {
    super(path === '' ? what : `${path}: ${what}`);
    this.name = 'LayoutError';
    this.path = path;
  }
}

interface Most {
  /** Characters of a name. */
  names: number;
  most: number;
}

/** An object at a place of the file. */
export class Fields {
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new LayoutError(path, t('Give an object with named fields.'));
    this.path = path;
    this.#values = value as Record<string, unknown>;
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  value(name: string): unknown {
    return this.has(name) ? this.#values[name] : undefined;
  }

  object(name: string): Fields {
    return new Fields(this.value(name), this.at(name));
  }

  /** A name that is none of these is most likely a slip. */
  only(names: readonly string[]): void {
    const other = Object.keys(this.#values).find((name) => !names.includes(name));
    if (other !== undefined)
      throw new LayoutError(
        this.at(other.slice(0, 60)),
        t('There is no such field. Use {0}.', names.join(', ')),
      );
  }

  /** Where there may be none, `usual` is taken for it, and an empty one is good. */
  text(name: string, longest: number, usual?: string): string {
    const value = this.has(name) ? this.value(name) : usual;
    return textAt(value, this.at(name), longest, usual === undefined ? 1 : 0);
  }

  flag(name: string, usual: boolean): boolean {
    const value = this.value(name) ?? usual;
    if (typeof value === 'boolean') return value;
    throw new LayoutError(this.at(name), t('Give true or false.'));
  }

  oneOf<const T extends string | null>(name: string, values: readonly T[], usual: T): T {
    const value = this.has(name) ? this.value(name) : usual;
    const found = values.find((one) => one === value);
    if (found !== undefined) return found;
    const known = values.filter((one) => one !== null).join(', ');
    throw new LayoutError(this.at(name), t('Give one of {0}.', known));
  }

  /** At most `most` entries, read one by one. */
  list(name: string, most: number): { value: unknown; path: string }[] {
    const values = this.value(name) ?? [];
    if (!Array.isArray(values)) throw new LayoutError(this.at(name), t('Give a list.'));
    if (values.length > most)
      throw new LayoutError(this.at(name), t('Give at most {0} entries.', most));
    return values.map((value: unknown, index) => ({ value, path: `${this.at(name)}[${index}]` }));
  }

  names(name: string, { names, most }: Most): string[] {
    return this.list(name, most).map(({ value, path }) => {
      const text = textAt(value, path, names);
      if (!text.includes(',')) return text;
      throw new LayoutError(path, t('Give a name without commas.'));
    });
  }

  /** An object of texts; absent is empty. */
  texts(name: string, { names, most }: Most): Record<string, string> {
    if (!this.has(name)) return {};
    const fields = this.object(name);
    const entries = Object.keys(fields.#values);
    if (entries.length > most || entries.some((one) => one === '' || one.length > names))
      throw new LayoutError(fields.path, t('Give at most {0} names, none empty or long.', most));
    return Object.fromEntries(
      entries.map((one) => [one, textAt(fields.value(one), fields.at(one), names, 0)]),
    );
  }
}

function textAt(value: unknown, path: string, longest: number, shortest = 1): string {
  const good = typeof value === 'string' && value.length <= longest;
  if (good && value.trim().length >= shortest) return value;
  throw new LayoutError(path, t('Give a text of {0} to {1} characters.', shortest, longest));
}
