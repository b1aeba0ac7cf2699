/**
 * A program of the kernel's classic packet filter that lets through only the conntrack events we read: TCP, our tag, one of so many
 * connections, and the states that say something. The rest is dropped before it takes room in the socket or time in this process.
 */
import { attribute, firstAttributeAt, tcpState } from "./conntrack-events.ts";
import type { FilterStep } from "./libc.ts";

export type EventFilter = {
  readonly tag: number;
  /** 0 = every connection, n = one of 2^n, the same ones in all their events */
  readonly sampleBits: number;
  /** a reset is told from an ordinary end by the FIN before it */
  readonly withEnds: boolean;
};

const loadConstant = 0x00;
const loadX = 0x01;
const loadWord = 0x20;
const loadWordAtX = 0x40;
const loadByteAtX = 0x50;
const keepBits = 0x54;
const jumpIfEqual = 0x15;
const returnConstant = 0x06;
const copyToX = 0x07;
/** "find an attribute of type X from A on": the place of it, 0 = there is none */
const findAttribute = 0xfffff00c;
/** the same inside the attribute at A */
const findInside = 0xfffff010;
const whole = 0xffffffff;

/** A step before it is known how far it jumps. */
type Draft = {
  readonly code: number;
  readonly k: number;
  readonly ifEqual?: "pass" | "drop";
  readonly ifOther?: "drop";
};

export function eventFilter({ tag, sampleBits, withEnds }: EventFilter): FilterStep[] {
  const states = [tcpState.synSent, tcpState.synRecv, tcpState.established, tcpState.close];
  const wanted = withEnds ? [...states, tcpState.finWait] : states;
  return resolve([
    ...value(attribute.mark),
    { code: keepBits, k: 0xff000000 },
    { code: jumpIfEqual, k: tag * 0x1000000, ifOther: "drop" },
    ...(sampleBits === 0 ? [] : sampled(sampleBits)),
    { code: loadConstant, k: firstAttributeAt },
    ...find(attribute.protoInfo, findAttribute),
    ...find(attribute.tcp, findInside),
    ...find(attribute.tcpState, findInside),
    { code: copyToX, k: 0 },
    { code: loadByteAtX, k: 4 },
    ...wanted.map((state): Draft => ({ code: jumpIfEqual, k: state, ifEqual: "pass" })),
  ]);
}

/** The same choice for an event that was read. */
export function isSampled(id: number, sampleBits: number): boolean {
  return (id & (2 ** sampleBits - 1)) === 0;
}

function sampled(bits: number): Draft[] {
  return [...value(attribute.id), { code: keepBits, k: 2 ** bits - 1 }, { code: jumpIfEqual, k: 0, ifOther: "drop" }];
}

/** The 32 bits of an attribute of the message itself. */
function value(type: number): Draft[] {
  return [
    { code: loadConstant, k: firstAttributeAt },
    ...find(type, findAttribute),
    { code: copyToX, k: 0 },
    { code: loadWordAtX, k: 4 },
  ];
}

function find(type: number, how: number): Draft[] {
  return [
    { code: loadX, k: type },
    { code: loadWord, k: how },
    { code: jumpIfEqual, k: 0, ifEqual: "drop" },
  ];
}

/** Behind the last step: no state was the one, so the event is dropped; one further, it passes. */
function resolve(drafts: readonly Draft[]): FilterStep[] {
  const places = { drop: drafts.length, pass: drafts.length + 1 };
  const distance = (from: number, to: "pass" | "drop" | undefined) => (to === undefined ? 0 : places[to] - from - 1);
  return [
    ...drafts.map(({ code, k, ifEqual, ifOther }, at) => ({
      code,
      jt: distance(at, ifEqual),
      jf: distance(at, ifOther),
      k,
    })),
    { code: returnConstant, jt: 0, jf: 0, k: 0 },
    { code: returnConstant, jt: 0, jf: 0, k: whole },
  ];
}
