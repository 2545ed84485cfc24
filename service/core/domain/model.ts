/** A model: how far its predictions are off, against its baseline. */
import type { ModelRecord } from '../../protocol/domain.ts';
import type { EventOf } from '../../protocol/event.ts';
import { type Registers, readNumber, setRegister } from '../registers.ts';
import { type ExactSum, addExactly, exactTotal } from './exactSum.ts';
import { meanOf, roundOrNull, timeOrNull } from './values.ts';

interface Mean {
  sum: ExactSum;
  count: number;
}

export interface ModelState {
  model: string;
  predictions: number;
  absolute_error: Mean;
  confidence: Mean;
  fields: Registers;
  last_time: number | null;
  seq: number;
}

export function newModel(model: string): ModelState {
  return {
    model,
    predictions: 0,
    absolute_error: { sum: [], count: 0 },
    confidence: { sum: [], count: 0 },
    fields: new Map(),
    last_time: null,
    seq: 0,
  };
}

export function foldPrediction(model: ModelState, event: EventOf<'prediction.recorded'>): void {
  model.predictions++;
  add(model.absolute_error, event.absolute_error);
  add(model.confidence, event.confidence);
  setRegister(model.fields, 'r2', event.r2, event);
  model.last_time = Math.max(model.last_time ?? event.time, event.time);
}

export function foldBaseline(model: ModelState, event: EventOf<'model.baselined'>): void {
  setRegister(model.fields, 'baseline_mae', event.mae, event);
  model.last_time = Math.max(model.last_time ?? event.time, event.time);
}

function add(mean: Mean, value: number | undefined): void {
  if (value === undefined) return;
  addExactly(mean.sum, value);
  mean.count++;
}

function valueOf({ sum, count }: Mean): number | null {
  return meanOf(exactTotal(sum), count);
}

export function modelRecord(model: ModelState): ModelRecord {
  const avg_mae = valueOf(model.absolute_error);
  const baseline_mae = readNumber(model.fields, 'baseline_mae');
  // Against a baseline of 0 every error is infinitely worse: no number says that.
  const comparable = avg_mae !== null && baseline_mae !== null && baseline_mae > 0;
  return {
    model: model.model,
    predictions_count: model.predictions,
    avg_mae,
    baseline_mae,
    degradation_percent: comparable
      ? roundOrNull(((avg_mae - baseline_mae) / baseline_mae) * 100)
      : null,
    r2: readNumber(model.fields, 'r2'),
    avg_confidence: valueOf(model.confidence),
    last_updated: timeOrNull(model.last_time),
    seq: model.seq,
  };
}
