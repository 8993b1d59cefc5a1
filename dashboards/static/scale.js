// The arithmetic of axes: no element is touched here.

import { DAY, HOUR, MINUTE, clock, day, offsetAt } from "./format.js";

/** Return round numbers that cover [low, high], at most about `most` steps. */
export function niceTicks(low, high, most, isWhole) {
  const rough = (high - low || 1) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  if (isWhole) step = Math.max(1, Math.round(step));
  const ticks = [];
  for (let at = Math.floor(low / step); at * step < high + step * 0.999; at += 1) {
    ticks.push(Number((at * step).toPrecision(12)));
  }
  return ticks;
}

const TIME_STEPS = [
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
  DAY, 2 * DAY, 3 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY,
];

/** Return moments to label between `from` and `to`, with their words. */
export function timeTicks(from, to, most) {
  const step = TIME_STEPS.find((length) => (to - from) / length <= most) ?? TIME_STEPS.at(-1);
  const ahead = offsetAt(from); // days begin where the clock that is shown says so
  const ticks = [];
  let lastDay = "";
  for (let at = Math.ceil((from + ahead) / step) * step - ahead; at <= to; at += step) {
    const today = day(at);
    const isNewDay = today !== lastDay;
    ticks.push({ at, label: step >= DAY || isNewDay ? today : clock(at), isStrong: isNewDay });
    if (step < DAY && isNewDay && (at + ahead) % DAY !== 0) {
      ticks.at(-1).label = `${today} ${clock(at)}`;
    }
    lastDay = today;
  }
  const isLong = ticks.length > 3 && step < DAY && (ticks[0].at + ahead) % DAY !== 0;
  if (isLong) ticks[1].label = ""; // the first one, with its day, needs the room
  return ticks;
}

/** Return the starts of all intervals that [from, to] touches. */
export function bucketStarts(from, to, length) {
  const starts = [];
  for (let at = Math.floor(from / length) * length; at <= to; at += length) starts.push(at);
  return starts;
}
