import { useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { type Question, questionErrors } from "./question.ts";

type QuestionFormProps = {
  readonly start: Question;
  /** places to choose from */
  readonly targets: readonly string[];
  readonly pending: boolean;
  readonly onAsk: (question: Question) => void;
};

/** Errors are said once it was asked, at their fields. */
export function QuestionForm({ start, targets, pending, onAsk }: QuestionFormProps) {
  const [question, setQuestion] = useState(start);
  const [isTried, setTried] = useState(start.client !== "");
  const element = useRef<HTMLFormElement>(null);
  const listId = useId();
  const errors = questionErrors(question);
  const shown = isTried ? errors : {};
  const submit = () => {
    setTried(true);
    if (Object.keys(errors).length === 0) onAsk(question);
    else requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <Panel title="Question" padded>
      <form
        ref={element}
        noValidate
        aria-label="Question"
        className="grid items-start gap-x-4 gap-y-3 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label="Client"
          error={shown.client}
          hint="Its address, as 10.0.0.5. A hash of ports needs the port too: 10.0.0.5:40000, [2001:db8::7]:40000."
        >
          {(control) => (
            <TextInput
              {...control}
              name="client"
              mono
              value={question.client}
              onChange={(event) => setQuestion({ ...question, client: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Connects to"
          error={shown.target}
          hint="Address and port: 192.168.0.40:80, 192.168.0.40:53/udp, [2001:db8::10]:443."
        >
          {(control) => (
            <TextInput
              {...control}
              name="target"
              mono
              list={listId}
              value={question.target}
              onChange={(event) => setQuestion({ ...question, target: event.target.value })}
            />
          )}
        </Field>
        <datalist id={listId}>
          {targets.map((target) => (
            <option key={target} value={target} />
          ))}
        </datalist>
        <Button type="submit" variant="primary" size="lg" pending={pending} className="md:mt-6">
          Explain
        </Button>
      </form>
    </Panel>
  );
}
