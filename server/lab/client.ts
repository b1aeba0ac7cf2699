/**
 * A client process of the lab, in one namespace: on order it connects, holds connections open and asks on them again; in the
 * clients' namespace it also makes the steady traffic.
 */
import { connectMany } from "./connect-many.ts";
import { Holder } from "./hold.ts";
import { answerOrders } from "./ipc.ts";
import { connectSchema, heldSchema, holdSchema, targetSchema } from "./messages.ts";
import { SteadyTraffic } from "./steady-traffic.ts";

export function runClient(): void {
  const holder = new Holder();
  const traffic = new SteadyTraffic();
  answerOrders({
    connect: (order) => connectMany(connectSchema.parse(order)),
    hold: (order) => holder.hold(holdSchema.parse(order)),
    held: (order) => holder.held(heldSchema.parse(order)),
    targets: (list) => {
      traffic.aim(Array.isArray(list) ? list.map((one) => targetSchema.parse(one)) : []);
      return Promise.resolve(null);
    },
    traffic: () => Promise.resolve(traffic.counters()),
  });
}
