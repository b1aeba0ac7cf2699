/**
 * The lab's steady traffic: bounded, real connections to every target. Most ask once and close, some stay a few seconds, so that
 * "active connections" has something to show. A slow wave of a tenth keeps the charts from looking frozen.
 */
import { connect } from "node:net";
import { askOnce } from "./ask.ts";
import { readAnswer, requestText } from "./http-text.ts";
import type { Target, TrafficCounters } from "./messages.ts";
import { clientAddresses } from "./places.ts";

const tickMs = 20;
const openMax = 500;
const longEvery = 4;
const longMs = 2500;
const waveS = 40;
const waveShare = 0.1;

export class SteadyTraffic {
  private targets: readonly Target[] = [];
  private credits: number[] = [];
  private timer: NodeJS.Timeout | null = null;
  private lastMs = 0;
  private number = 0;
  private readonly count = { started: 0, answered: 0, failed: 0, skipped: 0, open: 0 };

  aim(targets: readonly Target[]): void {
    this.targets = targets;
    this.credits = targets.map((_, i) => i / targets.length);
    if (targets.length === 0 && this.timer !== null) {
      clearInterval(this.timer);
      this.timer = null;
    }
    if (targets.length > 0 && this.timer === null) {
      this.lastMs = performance.now();
      this.timer = setInterval(() => this.tick(performance.now()), tickMs);
    }
  }

  counters(): TrafficCounters {
    return { ...this.count, ratePerS: this.targets.reduce((sum, target) => sum + target.ratePerS, 0) };
  }

  private tick(nowMs: number): void {
    const elapsedS = Math.min((nowMs - this.lastMs) / 1000, 0.5);
    this.lastMs = nowMs;
    const wave = 1 + waveShare * Math.sin((nowMs / 1000 / waveS) * 2 * Math.PI);
    this.targets.forEach((target, i) => {
      let credit = (this.credits[i] ?? 0) + target.ratePerS * wave * elapsedS;
      for (; credit >= 1; credit--) this.start(target);
      this.credits[i] = credit;
    });
  }

  private start(target: Target): void {
    if (this.count.open >= openMax) {
      this.count.skipped += 1;
      return;
    }
    this.number += 1;
    this.count.started += 1;
    this.count.open += 1;
    const list = target.address.includes(":") ? clientAddresses.v6 : clientAddresses.v4;
    const place = { ...target, source: list[this.number % list.length] ?? null, timeoutMs: 5000 };
    const isLong = target.protocol === "tcp" && this.number % longEvery === 0;
    void (isLong ? stay(place) : askOnce(place).then((asked) => asked.answer !== null)).then((isAnswered) => {
      this.count.open -= 1;
      this.count[isAnswered ? "answered" : "failed"] += 1;
    });
  }
}

/** A connection that lives for a while: asks, waits, asks for the last time. True when both questions had an answer. */
function stay(place: { address: string; port: number; source: string | null }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: place.address,
      port: place.port,
      ...(place.source === null ? {} : { localAddress: place.source }),
    });
    let text = "";
    let answers = 0;
    const giveUp = setTimeout(() => socket.destroy(), longMs * 4);
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(requestText(place.address, place.port, false)));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(giveUp);
      resolve(answers === 2);
    });
    socket.on("data", (chunk: string) => {
      text += chunk;
      const read = readAnswer(text);
      if (read === null) return;
      text = read.rest;
      if (read.answer !== null) answers += 1;
      if (answers === 2) socket.destroy();
      else setTimeout(() => socket.write(requestText(place.address, place.port, true)), longMs);
    });
  });
}
