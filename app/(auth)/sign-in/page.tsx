import { redirect } from "next/navigation";
import { signInAction } from "@/app/actions/sign-in.ts";
import { currentActor } from "@/app/session.ts";
import { SignInForm } from "@/components/auth/sign-in-form.tsx";
import { needsSetup } from "@/server/usecases/enter.ts";

export const metadata = { title: "Sign in" };

export default async function Page() {
  if ((await currentActor()) !== null) redirect("/");
  const setup = await needsSetup();
  if (!setup.ok) redirect("/unavailable");
  if (setup.value) redirect("/setup");
  return <SignInForm signIn={signInAction} />;
}
