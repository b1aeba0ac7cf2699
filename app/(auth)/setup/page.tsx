import { redirect } from "next/navigation";
import { setupAction } from "@/app/actions/sign-in.ts";
import { SetupForm } from "@/components/auth/setup-form.tsx";
import { needsSetup } from "@/server/usecases/enter.ts";

export const metadata = { title: "First administrator" };

type SetupPageProps = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> };

export default async function Page({ searchParams }: SetupPageProps) {
  const setup = await needsSetup();
  if (!setup.ok) redirect("/unavailable");
  if (!setup.value) redirect("/sign-in");
  const { token } = await searchParams;
  return <SetupForm token={typeof token === "string" ? token : ""} setup={setupAction} />;
}
