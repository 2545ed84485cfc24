import assert from 'node:assert/strict';
import { presentOf } from '../../../../service/analysis/proposals/present.ts';
import { T0, appliedAt, parameter } from './support.ts';

const valueOf = (...states: ReturnType<typeof appliedAt>[]) =>
  presentOf([parameter()], states)[0]?.value;

describe('the present value of a parameter', () => {
  it('is what was offered, until the pipeline applied another', () => {
    assert.equal(valueOf(), 2);
    assert.equal(valueOf(appliedAt(T0 + 1000, { to: 4 })), 4);
  });

  it('is the one of the newest word of the pipeline, in whatever order they came', () => {
    const [first, second] = [appliedAt(T0 + 1000, { to: 4 }), appliedAt(T0 + 2000, { to: 8 })];
    assert.equal(valueOf(first, second), 8);
    assert.equal(valueOf(second, first), 8);
    assert.equal(valueOf(appliedAt(T0 - 1000, { to: 4 })), 2);
  });

  it('is not what was refused, what nobody answered, nor that of another parameter', () => {
    const asked = appliedAt(T0 + 1000, { to: 4 });
    assert.ok(asked.answer);
    assert.equal(valueOf({ ...asked, answer: { ...asked.answer, outcome: 'refused' } }), 2);
    assert.equal(valueOf({ ...asked, answer: null }), 2);
    assert.equal(valueOf({ ...asked, proposed: null }), 2);
    assert.equal(valueOf(appliedAt(T0 + 1000, { parameter: 'batch', to: 4 })), 2);
  });
});
