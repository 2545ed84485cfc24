import assert from 'node:assert/strict';
import { call, post, useServices } from '../../support/service.ts';

describe('Durations that pipelines report', () => {
  const start = useServices();

  it('have 1000 sets of labels in the exposition, and all others in one', async () => {
    const service = await start();
    for (let batch = 0; batch < 2; batch++) {
      const events = Array.from({ length: 1000 }, (_, i) => ({
        ...{ type: 'request.recorded', endpoint: `/${batch}/${i}`, method: 'GET' },
        ...{ status_code: 200, duration_ms: 1 },
      }));
      await post(service, events);
    }
    const text = await (await call(service, '/metrics')).text();
    const counts = text.match(/^pipescope_recorded_request_duration_seconds_count.*$/gm) ?? [];
    assert.equal(counts.length, 1001);
    const others = counts.find((line) => line.includes('endpoint="other",method="other"'));
    assert.match(others ?? '', / 1000$/);
  });
});
