/** Which of the flows that the kernel tracks are meant, and who counts or forgets them: conntrack-socket.ts, or conntrack-command.ts without koffi. */
import { tcpState } from "./conntrack-events.ts";

/** All of what is said must fit; null = whatever it is. */
export type FlowChoice = {
  /** of the mark, the bits of `mask` are these */
  readonly mark: number;
  readonly mask: number;
  readonly protocols: readonly FlowProtocol[] | null;
  /** for TCP alone */
  readonly states: readonly FlowState[] | null;
  /** where the client sent it; port null = any */
  readonly destination: { readonly address: string; readonly port: number | null } | null;
};

type FlowProtocol = keyof typeof protocolNumbers;
type FlowState = keyof typeof stateNumbers;

export type TrackedFlows = {
  /** how many are open: of TCP established ones and those being opened, of all else those that were answered; null = it could not be told */
  countOpen(choice: FlowChoice): Promise<number | null>;
  /** they are taken out of the table; how many, null = not all of them could be */
  forget(choice: FlowChoice): Promise<number | null>;
  close(): void;
};

export const protocolNumbers = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
const stateNumbers = { SYN_SENT: tcpState.synSent, CLOSE: tcpState.close } as const;
export const wholeMark = 0xffffffff;

/** What a tracked flow says of itself. Its bytes are valid as long as the piece they were read from. */
export type Flow = {
  /** of addresses: 2 = IPv4, 10 = IPv6 */
  readonly family: number;
  readonly mark: number;
  readonly protocol: number;
  /** null: it is not of TCP */
  readonly state: number | null;
  readonly isAssured: boolean;
  readonly destination: Uint8Array;
  /** null: its protocol has none */
  readonly port: number | null;
  /** the attributes that say which one it is, for a message about it */
  readonly keys: readonly { readonly type: number; readonly bytes: Uint8Array }[];
};

/** `address`: the bytes of the choice's destination. */
export function isChosen(flow: Flow, choice: FlowChoice, address: Uint8Array | null): boolean {
  const { mark, mask, protocols, states, destination } = choice;
  if ((flow.mark & mask) >>> 0 !== mark) return false;
  if (protocols !== null && !protocols.some((each) => protocolNumbers[each] === flow.protocol)) return false;
  if (states !== null && !states.some((each) => stateNumbers[each] === flow.state)) return false;
  if (destination === null || address === null) return destination === null;
  return sameBytes(flow.destination, address) && (destination.port === null || destination.port === flow.port);
}

export function isOpen({ protocol, state, isAssured }: Flow): boolean {
  if (protocol !== protocolNumbers.tcp) return isAssured;
  return state === tcpState.established || state === tcpState.synRecv;
}

/** The bits that all choices agree in: what does not fit them fits none. */
export function commonMark(choices: readonly FlowChoice[]): { readonly mark: number; readonly mask: number } {
  const first = choices[0]?.mark ?? 0;
  const mask = choices.reduce((bits, choice) => bits & choice.mask & ~(choice.mark ^ first), wholeMark) >>> 0;
  return { mark: (first & mask) >>> 0, mask };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at]);
}
