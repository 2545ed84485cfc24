/** Drawings of a job's page: SVG in the page itself, without scripts. */
import { count, duration, memory, percent, phaseLabel, statusWord } from '../protocol/describe.ts';
import { escaped } from '../protocol/htmlText.ts';
import type { JobContents, PhaseSnapshot, ResourceSample } from '../protocol/record.ts';
import { isEnded } from '../protocol/states.ts';

const WIDTH = 1000;
const LABELS = 200;
const ROW = 20;
/** More rows than anybody looks through on paper; the table has them all. */
const MOST_ROWS = 300;
/** Points of a line: of each stretch the highest is drawn. */
const MOST_POINTS = 400;
/** More phases behind a line are no bands any more, but a pattern. */
const MOST_BANDS = 100;
const HEIGHT = 120;
/** Above the line for the names of phases, and below it for the times. */
const NAMES = 14;
const AXIS = 16;
/** Pixels of a letter, about. */
const LETTER = 7;
/** After this many times the usual distance without a sample there is a gap. */
const GAP = 3;

/** Epoch milliseconds. */
interface Span {
  from: number;
  to: number;
}

/** Phases against time, each from its start to its end. Empty where nothing has started. */
export function timelineSvg(job: JobContents): string {
  const started = job.phases.filter(({ started_at }) => started_at !== null);
  const span = spanOf(job, []);
  if (started.length === 0 || span === null) return '';
  const shown = started.slice(0, MOST_ROWS);
  const x = scale(span, LABELS, WIDTH - 80);
  const rows = shown.map((phase, row) => phaseRow(phase, { row, x, last: span.to }));
  const left = started.length - shown.length;
  const note =
    left > 0
      ? `<p>${count(left, '{0} more phase is in the table below.', '{0} more phases are in the table below.')}</p>`
      : '';
  return `${svg(shown.length * ROW + 4, 'Phases against time', rows.join('\n'))}${note}`;
}

/** From the first moment to the last one that is known of; null where there is none. */
function spanOf(job: JobContents, samples: readonly ResourceSample[]): Span | null {
  const times = [
    ...job.phases.flatMap(({ started_at, ended_at }) => [started_at, ended_at]),
    ...samples.map(({ time }) => time),
  ].flatMap((time) => (time === null ? [] : [Date.parse(time)]));
  if (times.length === 0) return null;
  const from = times.reduce((a, b) => Math.min(a, b));
  const heard = Date.parse(job.ended_at ?? job.last_seen_at);
  return { from, to: times.reduce((a, b) => Math.max(a, b), Math.max(heard, from + 1)) };
}

function scale({ from, to }: Span, left: number, right: number): (time: number) => number {
  return (time) => left + ((time - from) / (to - from)) * (right - left);
}

interface RowPlace {
  row: number;
  x: (time: number) => number;
  last: number;
}

function phaseRow(phase: PhaseSnapshot, { row, x, last }: RowPlace): string {
  const { begin, end } = placeOf(phase, x, last);
  const y = row * ROW + 2;
  const said = `${duration(phase.execution_time_ms)}${phase.status === 'COMPLETED' ? '' : `, ${statusWord(phase.status)}`}`;
  return `<text x="0" y="${y + 13}">${escaped(cut(phaseLabel(phase), 30))}</text>
<rect class="${phase.status}" x="${begin.toFixed(1)}" y="${y + 2}" width="${Math.max(2, end - begin).toFixed(1)}" height="14"/>
<text x="${(Math.max(begin + 2, end) + 6).toFixed(1)}" y="${y + 13}">${escaped(said)}</text>`;
}

function placeOf(
  { started_at, ended_at, status }: PhaseSnapshot,
  x: (time: number) => number,
  last: number,
): { begin: number; end: number } {
  const from = Date.parse(started_at ?? '');
  // Of one that is over nobody said when.
  const open = isEnded(status) ? from : last;
  return { begin: x(from), end: x(ended_at === null ? open : Date.parse(ended_at)) };
}

/** Use of CPU and memory against time, each where it was measured, with the phases behind. */
export function resourcesSvg(job: JobContents): string {
  const whole = job.resource_usage.filter(({ phase_id }) => phase_id === null);
  const samples = whole.length > 0 ? whole : job.resource_usage;
  const span = spanOf(job, samples);
  if (span === null) return '';
  const behind = `${bands(job, span)}${axis(span)}`;
  return [
    line(samples, 'cpu_percent', { title: 'CPU', say: percent, span, behind }),
    line(samples, 'memory_mb', { title: 'Memory', say: memory, span, behind }),
  ].join('\n');
}

/** Each phase as a band, every other one darker; above them their ids, where there is room. */
function bands(job: JobContents, span: Span): string {
  const started = job.phases.filter(({ started_at }) => started_at !== null);
  if (started.length > MOST_BANDS) return '';
  const x = scale(span, 0, WIDTH);
  const placed = started.map((phase) => ({ phase, ...placeOf(phase, x, span.to) }));
  placed.sort((a, b) => a.begin - b.begin);
  const tints = placed.map(({ phase, begin, end }, index) => {
    const width = Math.max(1, end - begin).toFixed(1);
    const title = `<title>${escaped(cut(phaseLabel(phase), 100))}</title>`;
    return `<rect class="band${index % 2}" x="${begin.toFixed(1)}" y="0" width="${width}" height="${HEIGHT}">${title}</rect>\n`;
  });
  let free = 0;
  const names = placed.map(({ phase, begin, end }) => {
    const name = cut(phase.phase_id, Math.floor((end - begin - 6) / LETTER));
    if (name.length < 2 || begin < free) return '';
    free = begin + 3 + name.length * LETTER;
    return `<text x="${(begin + 3).toFixed(1)}" y="10">${escaped(name)}</text>\n`;
  });
  return [...tints, ...names].join('');
}

/** Time since the begin, at its quarters. */
function axis({ from, to }: Span): string {
  const at = (part: number): string => {
    const ms = (to - from) * part;
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    return `<text x="${WIDTH * part}" y="${HEIGHT + AXIS - 4}" text-anchor="${anchor}">${ms === 0 ? '0 s' : duration(ms)}</text>`;
  };
  return [0, 0.25, 0.5, 0.75, 1].map(at).join('');
}

interface Drawing {
  title: string;
  say: (value: number) => string;
  span: Span;
  behind: string;
}

interface Point {
  at: number;
  value: number;
}

function line(
  samples: readonly ResourceSample[],
  metric: 'cpu_percent' | 'memory_mb',
  { title, say, span, behind }: Drawing,
): string {
  const points = samples.flatMap((sample): Point[] => {
    const value = sample[metric];
    return value === undefined ? [] : [{ at: Date.parse(sample.time), value }];
  });
  points.sort((a, b) => a.at - b.at);
  if (points.length < 2) return '';
  const highest = points.reduce((most, { value }) => Math.max(most, value), 0) || 1;
  const x = scale(span, 0, WIDTH);
  const y = (value: number): number => HEIGHT - 2 - (value / highest) * (HEIGHT - NAMES - 4);
  const width = samples.reduce((widest, sample) => Math.max(widest, sample.width_ms), 0);
  const lines = pieces(points, width).map((piece) => {
    const drawn = thin(piece, points.length).map(
      ({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`,
    );
    // A point alone is a line of no length, which a round end shows.
    if (drawn.length === 1) drawn.push(...drawn);
    return `<polyline class="line" points="${drawn.join(' ')}"/>`;
  });
  const average = points.reduce((sum, { value }) => sum + value, 0) / points.length;
  const said = `${title}: average ${say(average)}, highest ${say(highest)}`;
  return `<h3>${said}</h3>\n${svg(HEIGHT + AXIS, said, `${behind}${lines.join('\n')}`)}`;
}

/** Parts of a line without gaps: points much farther apart than usual, and than `least` milliseconds, are not joined. */
function pieces(points: readonly Point[], least: number): Point[][] {
  const distances = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at));
  distances.sort((a, b) => a - b);
  const usual = Math.max(distances[distances.length >> 1] ?? 0, least, 1);
  const all: Point[][] = [];
  let last = -Infinity;
  for (const point of points) {
    if (point.at - last > usual * GAP) all.push([]);
    all.at(-1)?.push(point);
    last = point.at;
  }
  return all;
}

/** Of each stretch the highest point, so that peaks stay. `all` points have `MOST_POINTS` together. */
function thin(points: readonly Point[], all: number): readonly Point[] {
  const width = Math.ceil(all / MOST_POINTS);
  if (width <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / width) }, (_, n) =>
    points
      .slice(n * width, (n + 1) * width)
      .reduce((best, point) => (point.value > best.value ? point : best)),
  );
}

function svg(height: number, name: string, content: string): string {
  return `<svg role="img" aria-label="${escaped(name)}" viewBox="0 0 ${WIDTH} ${height}">\n${content}\n</svg>`;
}

function cut(name: string, letters: number): string {
  if (name.length <= letters) return name;
  return `${Array.from(name.slice(0, 2 * letters))
    .slice(0, Math.max(0, letters - 1))
    .join('')}…`;
}
