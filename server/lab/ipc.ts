/** Orders between the lab and its child processes over Node's IPC channel: one order, one answer, matched by number. */
import type { ChildProcess } from "node:child_process";
import * as z from "zod/mini";

const orderSchema = z.object({ number: z.int(), verb: z.string(), argument: z.unknown() });
const answerSchema = z.object({ number: z.int(), value: z.optional(z.unknown()), error: z.optional(z.string()) });

type Handlers = Readonly<Record<string, (argument: unknown) => Promise<unknown>>>;

/** In the child: answers orders until the lab is gone, then ends. Says `ready` on stdout first, like agent and prober. */
export function answerOrders(handlers: Handlers): void {
  process.on("message", (message) => {
    const order = orderSchema.safeParse(message);
    if (order.success) void answer(handlers, order.data);
  });
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  process.stdout.write("ready\n");
}

async function answer(handlers: Handlers, order: z.output<typeof orderSchema>): Promise<void> {
  const reply = await (handlers[order.verb]?.(order.argument) ?? Promise.reject(new Error(`no verb ${order.verb}`)))
    .then((value) => ({ number: order.number, value }))
    .catch((error: unknown) => ({ number: order.number, error: String(error) }));
  if (process.connected) process.send?.(reply);
}

export type Orders = { order(verb: string, argument?: unknown): Promise<unknown> };

/** In the lab: sends orders to a child and waits for their answers. */
export function ordersTo(child: ChildProcess): Orders {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on("message", (message) => {
    const parsed = answerSchema.safeParse(message);
    if (!parsed.success) return;
    const waiter = waiting.get(parsed.data.number);
    waiting.delete(parsed.data.number);
    if (parsed.data.error !== undefined) waiter?.reject(new Error(parsed.data.error));
    else waiter?.resolve(parsed.data.value);
  });
  child.on("exit", () => {
    for (const waiter of waiting.values()) waiter.reject(new Error("the process ended"));
    waiting.clear();
  });
  return {
    order: (verb, argument = null) =>
      new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Error("the process ended"));
        last += 1;
        waiting.set(last, { resolve, reject });
        child.send({ number: last, verb, argument });
      }),
  };
}
