/** The live stream as HTTP: hello with everything, then what the hub sends, until the caller goes or reads too slowly. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BalancerLive, FarmLive, LiveEvent } from "../core/metrics/live.ts";
import { type AgentStatus, protocolHeader, protocolVersion } from "../wire/agent.ts";
import type { FormerLife } from "../wire/stream.ts";
import type { Hub } from "./hub.ts";

export type StreamDeps = {
  readonly hub: Hub;
  readonly status: () => AgentStatus;
  readonly balancer: () => BalancerLive;
  readonly rows: () => readonly FarmLive[];
  readonly events: () => readonly LiveEvent[];
  readonly former: readonly FormerLife[];
};

export function createStream(deps: StreamDeps) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    request.socket.setTimeout(0);
    response.writeHead(200, {
      "content-type": "application/x-ndjson",
      "cache-control": "no-store",
      [protocolHeader]: String(protocolVersion),
    });
    const reader = {
      write: (line: string) => {
        response.write(line);
      },
      backlogBytes: () => response.writableLength,
      drop: () => response.destroy(),
    };
    const remove = deps.hub.add(reader, {
      type: "hello",
      protocol: protocolVersion,
      status: deps.status(),
      balancer: deps.balancer(),
      farms: deps.rows(),
      events: deps.events(),
      ...(deps.former.length === 0 ? {} : { former: deps.former }),
    });
    response.on("close", remove);
    response.on("error", remove);
  };
}
