import { redirect } from "next/navigation";
import { AuthTitle } from "@/components/auth/auth-frame.tsx";
import { needsSetup } from "@/server/usecases/enter.ts";

export const metadata = { title: "Not available" };
export const dynamic = "force-dynamic";

/** The database does not answer: nobody can be recognised, and balancing goes on all the same. */
export default async function Page() {
  const reached = await needsSetup();
  if (reached.ok) redirect("/");
  return (
    <>
      <AuthTitle title="The database does not answer">so nobody can sign in now.</AuthTitle>
      <p className="text-ink-2">{reached.error.text}</p>
      <p className="text-ink-2">
        Balancing goes on without it.{" "}
        <a className="link" href="/">
          Try again
        </a>
      </p>
    </>
  );
}
