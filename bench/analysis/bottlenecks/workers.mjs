// @ts-check
/**
 * A small real pipeline of tasks: four workers (threads) take tasks from one queue; each task reads a number and waits a
 * moment for it. Reports its tasks to PIPESCOPE_URL with PIPESCOPE_TOKEN.
 *   node bench/analysis/bottlenecks/workers.mjs slow|queue|single SECONDS JOB
 * The first four seconds are healthy; then it says "begin", and one worker gets slow, or more tasks come in than are
 * done, or three of the four stop taking tasks.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const HEALTHY_MS = 4000;
const TASK_MS = 120;
const WORKERS = 4;
const SEND_MS = 100;

function work() {
  parentPort?.on('message', (/** @type {{ id: string, ms: number }} */ { id, ms }) => {
    createHash('sha256').update(id.repeat(1000)).digest('hex');
    setTimeout(() => parentPort?.postMessage(id), ms);
  });
}

/** @param {string} mode @param {number} seconds @param {string} job_id */
function main(mode, seconds, job_id) {
  const begin = Date.now();
  const bad = () => Date.now() - begin >= HEALTHY_MS;
  /** @type {object[]} */
  let events = [];
  /** @type {string[]} */
  const waiting = [];
  let count = 0;
  const about = { job_id, phase_id: 'work', queue: `queue-of-${job_id}` };
  const tell = (/** @type {string} */ type, /** @type {object} */ more) =>
    events.push({
      type,
      id: `${job_id}-${events.length}-${Math.random()}`,
      time: Date.now(),
      ...about,
      ...more,
    });

  const workers = Array.from({ length: WORKERS }, (_, n) => {
    const thread = new Worker(fileURLToPath(import.meta.url));
    const worker = { worker_id: `${job_id}-w${n}`, n, idle: true, thread };
    thread.on('message', (task_id) => {
      worker.idle = true;
      tell('task.completed', { task_id, worker_id: worker.worker_id });
      give();
    });
    return worker;
  });

  function give() {
    for (const worker of workers) {
      if (!worker.idle || (mode === 'single' && bad() && worker.n > 0)) continue;
      const task_id = waiting.shift();
      if (task_id === undefined) return;
      worker.idle = false;
      const slow = mode === 'slow' && bad() && worker.n === 2 ? 5 : 1;
      const ms = TASK_MS * slow * (0.8 + 0.4 * Math.random());
      tell('task.started', { task_id, worker_id: worker.worker_id });
      worker.thread.postMessage({ id: task_id, ms });
    }
  }

  /** As many as four workers can do, less a little; twice as many where the queue shall grow. */
  const submit = setInterval(
    () => {
      const many = mode === 'queue' && bad() ? 2 : 1;
      for (let n = 0; n < many; n++) {
        const task_id = `${job_id}-t${count++}`;
        waiting.push(task_id);
        tell('task.submitted', { task_id });
      }
      give();
    },
    (TASK_MS / WORKERS) * 1.3,
  );
  const send = setInterval(() => void flush(), SEND_MS);
  async function flush() {
    const batch = events;
    events = [];
    if (batch.length === 0) return;
    const { PIPESCOPE_URL, PIPESCOPE_TOKEN } = process.env;
    const response = await fetch(`${PIPESCOPE_URL}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PIPESCOPE_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    if (!response.ok) throw new Error(await response.text());
  }
  setTimeout(() => process.stdout.write('begin\n'), HEALTHY_MS);
  setTimeout(
    () => {
      clearInterval(submit);
      clearInterval(send);
      void flush().finally(() => process.exit());
    },
    HEALTHY_MS + seconds * 1000,
  );
}

const [, , mode = '', seconds = '', job = ''] = process.argv;
if (!isMainThread) work();
else if (!['slow', 'queue', 'single'].includes(mode) || !(Number(seconds) > 0) || job === '') {
  process.stderr.write('Give slow, queue or single, its seconds and a job id.\n');
  process.exitCode = 2;
} else main(mode, Number(seconds), job);
