/**
 * The socket on which the kernel tells of tracked connections. Nothing here waits: who wants to know reads what is there. What did not fit
 * into the socket is lost, and the kernel says so once (ENOBUFS).
 */
import { type TcpEvent, tcpEventIn } from "./conntrack-events.ts";
import { type EventFilter, eventFilter } from "./event-filter.ts";
import {
  afNetlink,
  filterProgramBytes,
  type Libc,
  loadLibc,
  msgDontWait,
  netlinkNetfilter,
  soAttachFilter,
  sockCloexec,
  sockRaw,
  solSocket,
} from "./libc.ts";

export type EventSocket = {
  /** At most `max` messages that wait, each event to `take`. `lost`: the kernel dropped some before these. */
  read(max: number, take: (event: TcpEvent) => void): { readonly messages: number; readonly lost: boolean };
  /** other events from now on; false = the kernel does not take the filter, the old one stays */
  filter(filter: EventFilter): boolean;
  close(): void;
};

/** new, changed, gone: one bit each */
const groups = 0b111;
const soRcvBuf = 8;
const soRcvBufForce = 33;
/** half a second of 40,000 events each second, as the kernel counts them */
const roomBytes = 32 * 1024 * 1024;
const noRoom = 105;
const messageBytes = 4096;

/** null = no koffi, or the kernel refuses. The filter stands before the groups are joined. */
export function openEventSocket(filter: EventFilter, libc: Libc | null = loadLibc()): EventSocket | null {
  if (libc === null) return null;
  const fd = libc.socket(afNetlink, sockRaw | sockCloexec, netlinkNetfilter);
  if (fd < 0) return null;
  makeRoom(libc, fd);
  if (!setFilter(libc, fd, filter) || libc.bind(fd, addressOf(groups), addressBytes) !== 0) {
    libc.close(fd);
    return null;
  }
  const message = new Uint8Array(messageBytes);
  const view = new DataView(message.buffer);
  let { tag } = filter;
  return {
    read(max, take) {
      let lost = false;
      for (let messages = 0; messages < max; messages++) {
        const length = libc.recv(fd, message, messageBytes, msgDontWait);
        if (length <= 0) {
          if (length === 0 || libc.errno() !== noRoom) return { messages, lost };
          lost = true;
          continue;
        }
        const event = tcpEventIn(view, length, tag);
        if (event !== null) take(event);
      }
      return { messages: max, lost };
    },
    filter(next) {
      const isSet = setFilter(libc, fd, next);
      if (isSet) tag = next.tag;
      return isSet;
    },
    close: () => void libc.close(fd),
  };
}

const addressBytes = 12;

function addressOf(groupBits: number): Uint8Array {
  const address = new Uint8Array(addressBytes);
  const view = new DataView(address.buffer);
  view.setUint16(0, afNetlink, true);
  view.setUint32(8, groupBits, true);
  return address;
}

function setFilter(libc: Libc, fd: number, wanted: EventFilter): boolean {
  const filter = eventFilter(wanted);
  return libc.setFilter(fd, solSocket, soAttachFilter, { len: filter.length, filter }, filterProgramBytes) === 0;
}

/** Only the host's own administrator may go beyond the host's bound; others get what it allows. */
function makeRoom(libc: Libc, fd: number): void {
  const bytes = new Uint8Array(new Uint32Array([roomBytes]).buffer);
  if (libc.setsockopt(fd, solSocket, soRcvBufForce, bytes, bytes.byteLength) !== 0)
    libc.setsockopt(fd, solSocket, soRcvBuf, bytes, bytes.byteLength);
}
