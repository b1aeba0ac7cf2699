import { useEffect, useRef, useState } from "react";

export type Alarm = {
  readonly isOn: boolean;
  /** a click is the permission browsers ask for; switching on makes one sound, so that people know it works */
  readonly setOn: (isOn: boolean) => void;
};

const beepS = 0.18;

/** A sound when a backend goes down while this page is open. Off until somebody switches it on. */
export function useAlarm(downIds: readonly string[], isKnown: boolean): Alarm {
  const [isOn, setOn] = useState(false);
  const context = useRef<AudioContext | null>(null);
  const before = useRef<ReadonlySet<string> | null>(null);

  useEffect(() => {
    // values that are not news say nothing; what went down meanwhile is heard when they are news again
    if (!isKnown) return;
    const isNew = before.current !== null && downIds.some((id) => before.current?.has(id) === false);
    before.current = new Set(downIds);
    if (isNew && context.current !== null) beep(context.current, 3);
  }, [downIds, isKnown]);

  useEffect(
    () => () => {
      void context.current?.close();
      context.current = null;
    },
    [],
  );
  return {
    isOn,
    setOn(next) {
      setOn(next);
      void context.current?.close();
      context.current = next ? new AudioContext() : null;
      if (context.current !== null) beep(context.current, 1);
    },
  };
}

function beep(context: AudioContext, times: number): void {
  for (let at = 0; at < times; at++) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    const startS = context.currentTime + at * beepS * 1.6;
    tone.frequency.value = 880;
    volume.gain.setValueAtTime(0.25, startS);
    volume.gain.exponentialRampToValueAtTime(0.001, startS + beepS);
    tone.connect(volume).connect(context.destination);
    tone.start(startS);
    tone.stop(startS + beepS);
  }
}
