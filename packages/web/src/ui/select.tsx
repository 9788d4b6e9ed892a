import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select, SelectValue } from 'react-aria-components/Select';
import './select.css';

export type Choice<Id extends string = string> = { id: Id; label: string };

type PickerProps<Id extends string> = {
  label: string;
  labelHidden?: boolean;
  icon?: ReactNode;
  choices: readonly Choice<Id>[];
  value: Id;
  onChange(id: Id): void;
  isDisabled?: boolean;
  testId?: string;
};

/** A list to choose one from. */
export function Picker<Id extends string>({
  label,
  labelHidden = false,
  icon,
  choices,
  value,
  onChange,
  isDisabled = false,
  testId,
}: PickerProps<Id>) {
  const chosen = (key: unknown) => {
    const choice = choices.find(({ id }) => id === key);
    if (choice !== undefined) onChange(choice.id);
  };
  return (
    <Select className="picker" value={value} onChange={chosen} isDisabled={isDisabled}>
      <Label className={labelHidden ? 'sr-only' : 'field-label'}>{label}</Label>
      <Button className="picker-button" data-testid={testId}>
        {icon}
        <SelectValue className="picker-value" />
        <ChevronDown size={16} aria-hidden="true" />
      </Button>
      <Popover className="popover picker-popover" offset={4}>
        <ListBox className="list" items={choices}>
          {(choice) => (
            <ListBoxItem className="list-item" id={choice.id} textValue={choice.label}>
              <span className="list-item-text">{choice.label}</span>
              <Check className="list-item-check" size={16} aria-hidden="true" />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
