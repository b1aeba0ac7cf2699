import { useEffect, useState } from "react";

const hintMs = 4000;

type Wall = {
  /** somebody moved the pointer or touched the screen lately: the way out is shown */
  readonly isHinted: boolean;
};

/** What a screen on a wall needs: it does not go dark, and nothing is left behind when it ends. */
export function useWall(onLeave: () => void): Wall {
  const [isHinted, setHinted] = useState(true);

  useEffect(() => {
    let timer = setTimeout(() => setHinted(false), hintMs);
    const hint = () => {
      setHinted(true);
      clearTimeout(timer);
      timer = setTimeout(() => setHinted(false), hintMs);
    };
    // the browser's own way out of full screen tells nobody else
    const onFullScreen = () => {
      if (document.fullscreenElement === null) onLeave();
    };
    window.addEventListener("pointermove", hint);
    window.addEventListener("pointerdown", hint);
    window.addEventListener("keydown", hint);
    document.addEventListener("fullscreenchange", onFullScreen);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pointermove", hint);
      window.removeEventListener("pointerdown", hint);
      window.removeEventListener("keydown", hint);
      document.removeEventListener("fullscreenchange", onFullScreen);
    };
  }, [onLeave]);

  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let isOver = false;
    // not every browser has it, and none gives it on plain http: the screen's own settings decide then
    const ask = async () => {
      const given = await navigator.wakeLock?.request("screen").catch(() => null);
      if (isOver) void given?.release();
      else lock = given ?? null;
    };
    // browsers take it back while the page is hidden
    const onVisible = () => {
      if (document.visibilityState === "visible") void ask();
    };
    void ask();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", onVisible);
      void lock?.release();
    };
  }, []);

  return { isHinted };
}
