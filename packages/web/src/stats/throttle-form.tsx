import { useEffect, useState } from 'react';
import { useCall } from '../call/context.tsx';
import { useText } from '../i18n/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { conditionsOf, type Conditions } from './conditions.ts';

const usual: Conditions = { uplink: '1000', downlink: '1000', roundTripTime: '0', packetLoss: '0' };
const fields = ['uplink', 'downlink', 'roundTripTime', 'packetLoss'] as const;

/** Makes the network of the server bad, for tests. What was begun here ends with this call. */
export function ThrottleForm({ secret }: { secret: string }) {
  const { stats } = useText();
  const { room, notices } = useCall();
  const [values, setValues] = useState(usual);
  const [applied, setApplied] = useState(false);
  useEffect(() => {
    if (!applied) return undefined;
    const off = room.subscribe(() => {
      if (room.state.connection.kind === 'ended') setApplied(false);
    });
    return off;
  }, [applied, room]);
  const conditions = conditionsOf(values);
  const run = (doing: Promise<void>, done: boolean) => {
    doing.then(
      () => setApplied(done),
      (error: unknown) => notices.complain(`${stats.throttle.failed}: ${error instanceof Error ? error.message : ''}`),
    );
  };
  return (
    <form
      className="throttle"
      data-testid="throttle"
      data-applied={applied || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        if (conditions !== undefined) run(room.throttle.apply(secret, conditions), true);
      }}
    >
      <h3>{stats.throttle.title}</h3>
      <p>{applied ? stats.throttle.applied : stats.throttle.help}</p>
      <div className="throttle-fields">
        {fields.map((name) => (
          <Field
            key={name}
            label={stats.throttle[name]}
            value={values[name]}
            onChange={(text) => setValues({ ...values, [name]: text })}
            maxLength={9}
            testId={`throttle-${name}`}
          />
        ))}
      </div>
      <div className="throttle-buttons">
        <Button type="submit" tone="primary" isDisabled={conditions === undefined} testId="throttle-apply">
          {stats.throttle.apply}
        </Button>
        <Button onPress={() => run(room.throttle.reset(secret), false)} testId="throttle-reset">
          {stats.throttle.reset}
        </Button>
      </div>
    </form>
  );
}
