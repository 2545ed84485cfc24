import type { Frame } from './frame.ts';
import { isOwn } from './library.ts';

/** A frame whose file is there; `uri` is whatever the caller names files by. */
export interface Place<U> {
  frame: Frame;
  uri: U;
  inWorkspace: boolean;
}

/** Finds the file of a frame: undefined where there is none. */
export type FindFile<U> = (frame: Frame) => Promise<{ uri: U; inWorkspace: boolean } | undefined>;

/** Frames looked up of one error. Of libraries fewer: dozens of them may stand above a person's own. */
const MOST_OWN = 16;
const MOST_OTHERS = 4;

/** The frames whose files exist, innermost first. */
export async function findPlaces<U>(
  frames: readonly Frame[],
  find: FindFile<U>,
): Promise<Place<U>[]> {
  const own = frames.filter(isOwn).slice(0, MOST_OWN);
  const others = frames.filter((frame) => !isOwn(frame)).slice(0, MOST_OTHERS);
  const wanted = new Set([...own, ...others]);
  const places = await Promise.all(
    frames
      .filter((frame) => wanted.has(frame))
      .map(async (frame) => {
        const found = await find(frame);
        return found && { frame, ...found };
      }),
  );
  return places.filter((place) => place !== undefined);
}

/** Where to look first: the innermost frame of a person's own code in the workspace, else the innermost in it at all. */
export function choosePlace<U>(places: readonly Place<U>[]): Place<U> | undefined {
  const inside = places.filter((place) => place.inWorkspace);
  return inside.find((place) => isOwn(place.frame)) ?? inside[0];
}
