/** Tables as files have them, a column at a time: all rows, bare values, units in the heads. */
import type { Cell, Column, Table } from './charts/table.ts';

/** Nobody reads a cell of a file before it is written. */
export type Sheet = Omit<Table, 'say'>;

export interface Field<T> extends Column {
  of: (row: T) => Cell;
}

export function words<T>(label: string, of: (row: T) => string | null): Field<T> {
  return { label, unit: '', kind: 'text', of };
}

/** `unit` such as `ms`; empty for plain counts. */
export function amount<T>(label: string, unit: string, of: (row: T) => number | null): Field<T> {
  return { label, unit, kind: 'number', of };
}

/** Of a time as records have it, RFC 3339. */
export function moment<T>(label: string, of: (row: T) => string | null): Field<T> {
  const epoch = (time: string | null): number | null => (time === null ? null : Date.parse(time));
  return { label, unit: '', kind: 'time', of: (row) => epoch(of(row)) };
}

export function sheetOf<T>(rows: readonly T[], fields: readonly Field<T>[]): Sheet {
  return {
    columns: fields,
    count: rows.length,
    row: (index) => {
      const row = rows[index];
      return row === undefined ? [] : fields.map(({ of }) => of(row));
    },
  };
}
