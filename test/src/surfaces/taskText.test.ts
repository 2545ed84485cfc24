import assert from 'node:assert/strict';
import { parseStack } from '../../../src/stack/parse.ts';
import { taskText } from '../../../src/surfaces/taskText.ts';
import { START, task } from '../wire/records.ts';

describe('the document of a task', () => {
  it('has the facts, then the error with a stack whose lines are still found', () => {
    const stack = 'ValueError: no row\n    at load (/srv/load.js:7:3)';
    const failed = task({
      task_id: 't-1',
      status: 'FAILED',
      worker_id: 'w',
      error: { message: 'no row', type: 'ValueError', stack },
    });
    const { text, line } = taskText(failed, START);
    const lines = text.split('\n');
    assert.equal(lines[0], 't-1');
    assert.match(text, /^State +failed$/m);
    assert.match(text, /^Worker +w$/m);
    assert.equal(lines[line], '  ValueError: no row');
    assert.deepEqual(
      parseStack(text).map(({ file, line: row }) => [file, row]),
      [['/srv/load.js', 7]],
    );
  });

  it('shows control characters as what they are', () => {
    const { text } = taskText(task({ task_id: 'a\u001b[31m\u202eb' }), START);
    assert.ok(text.startsWith('a\\u001b[31m\\u202eb\n'));
  });
});
