import assert from 'node:assert/strict';
import {
  drawnRows,
  ROW,
  runsTable,
  VIEWPORT,
} from '../../../../webview/elements/history/runsTable.ts';
import { job } from '../../../fixtures/frames.ts';

const nothing = (): void => undefined;

describe('the table of past runs', () => {
  it('asks for the runs on the screen only, however many there are', () => {
    const asked: number[] = [];
    const scrollTop = 30_000 * ROW;
    runsTable({
      job: (index) => {
        asked.push(index);
        return job({ job_id: `run-${index}` });
      },
      ...{ total: 50_000, order: 'newest', now: 0, scrollTop, active: 0, picked: new Set() },
      ...{ shown: undefined, sort: nothing, open: nothing, pick: nothing },
      ...{ scroll: nothing, keydown: nothing },
    });
    const { start, end } = drawnRows(50_000, scrollTop);
    assert.deepEqual([asked[0], asked.at(-1), asked.length], [start, end - 1, end - start]);
    assert.ok(asked.includes(30_000) && asked.length < (3 * VIEWPORT) / ROW, String(asked.length));
  });
});
