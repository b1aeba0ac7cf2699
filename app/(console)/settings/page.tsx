import { Suspense } from "react";
import { newMetricsTokenAction } from "@/app/actions/metrics.ts";
import { removeTargetAction, saveTargetAction, testTargetAction } from "@/app/actions/notifications.ts";
import { createPersonAction, removePersonAction, setPasswordAction, setRoleAction } from "@/app/actions/people.ts";
import { requirePageActor } from "@/app/session.ts";
import { HostsPanel } from "@/components/settings/hosts-panel.tsx";
import { MetricsPanel } from "@/components/settings/metrics-panel.tsx";
import { NotificationsPanel } from "@/components/settings/notifications-panel.tsx";
import { PeoplePanel } from "@/components/settings/people-panel.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";
import type { Actor } from "@/server/auth/actor.ts";
import { can } from "@/server/auth/can.ts";
import { liveHub } from "@/server/live/live.ts";
import { webEnv } from "@/server/platform/web-env.ts";
import { currentMetricsToken } from "@/server/usecases/metrics-token.ts";
import { readNotifications } from "@/server/usecases/notifications.ts";
import { readPeople } from "@/server/usecases/people.ts";
import { readFarms } from "@/server/usecases/read-farms.ts";
import { knownHosts, readHosts } from "@/server/usecases/read-hosts.ts";

export const metadata = { title: "Settings" };

const peopleActions = {
  create: createPersonAction,
  setRole: setRoleAction,
  setPassword: setPasswordAction,
  remove: removePersonAction,
};

const notificationActions = { save: saveTargetAction, remove: removeTargetAction, test: testTargetAction };

export default async function Page() {
  const actor = await requirePageActor();
  const people = can(actor.role, "read-people") ? await readPeople(actor) : null;
  const token = can(actor.role, "metrics-token") ? currentMetricsToken(actor) : null;
  const told = await readNotifications(actor);
  const farms = await readFarms(actor);
  return (
    <>
      <PageHead title="Settings" sub="the balancer, who is told of its events, and who administers it" />
      {/* the rest of the page does not wait for an agent that may not answer */}
      <Suspense fallback={<HostsPanel hosts={knownHosts(liveHub().agent())} isAsking />}>
        <Hosts actor={actor} />
      </Suspense>
      {told.ok ? (
        <NotificationsPanel
          {...told.value}
          farms={farms.ok ? farms.value.map(({ farm }) => ({ id: farm.id, name: farm.name })) : []}
          actions={can(actor.role, "change-notifications") ? notificationActions : null}
        />
      ) : (
        <FailureNote failure={told.error} />
      )}
      {token?.ok === true ? (
        <MetricsPanel
          longHistoryUrl={webEnv().prometheus?.url ?? null}
          token={token.value}
          origin={webEnv().origins[0] ?? ""}
          makeToken={newMetricsTokenAction}
        />
      ) : null}
      {people === null ? null : people.status === "ok" ? (
        <PeoplePanel people={people.people} ownId={actor.id} actions={peopleActions} />
      ) : (
        <FailureNote
          failure={{ text: people.status === "refused" ? people.text : "People could not be read.", retry: true }}
        />
      )}
    </>
  );
}

async function Hosts({ actor }: { readonly actor: Actor }) {
  const hosts = await readHosts(actor, liveHub().agent());
  return hosts.ok ? <HostsPanel hosts={hosts.value} /> : <FailureNote failure={hosts.error} />;
}
