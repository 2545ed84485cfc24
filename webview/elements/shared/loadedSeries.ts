import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import type { Loaded } from '../../loadState.ts';
import { type SeriesState, WAITING } from '../../seriesState.ts';

/** What is known of series that are asked for by GET. */
export function seriesStateOf(loaded: Loaded<SeriesAnswer>): SeriesState {
  switch (loaded.kind) {
    case 'loading':
      return WAITING;
    case 'failed':
      return { kind: 'none', message: loaded.message };
    case 'ready':
      return { kind: 'ready', answer: loaded.value };
  }
}
