import { SwitchButton, SwitchField } from 'react-aria-components/Switch';
import './toggle.css';

type ToggleProps = {
  label: string;
  help?: string;
  isSelected: boolean;
  isDisabled?: boolean;
  onChange(on: boolean): void;
  testId?: string;
};

/** Something that is on or off. */
export function Toggle({ label, help, isSelected, isDisabled = false, onChange, testId }: ToggleProps) {
  return (
    <SwitchField isSelected={isSelected} isDisabled={isDisabled} onChange={onChange} data-testid={testId}>
      <SwitchButton className="toggle">
        <span className="toggle-words">
          {label}
          {help !== undefined && <small>{help}</small>}
        </span>
        <span className="toggle-track" />
      </SwitchButton>
    </SwitchField>
  );
}
