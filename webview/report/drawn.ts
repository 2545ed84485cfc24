/** What an element gives for a report where its own HTML says nothing: a canvas, or rows that come and go with scrolling. */
import type { Table } from '../charts/table.ts';

export interface Paper {
  /** Has the colours and the font of the report, which are not those of the page. */
  element: Element;
  /** Before the ids of a drawing: many of them stand in one document. */
  prefix: string;
}

export interface Drawn {
  /** What it is called. */
  name: string;
  /** An `svg` element, with every text escaped. */
  svg: string;
  table: Table;
}

export interface Draws {
  /** Null where nothing is drawn: what the element says instead is copied then. */
  forReport: (paper: Paper) => Promise<Drawn | null>;
}

export function draws(element: Element): element is Element & Draws {
  return 'forReport' in element;
}
