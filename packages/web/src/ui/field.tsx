import type { ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField, type TextFieldProps } from 'react-aria-components/TextField';
import './field.css';

type FieldProps = Omit<TextFieldProps, 'className' | 'style' | 'children'> & {
  label: string;
  /** Keeps the label for screen readers only. */
  labelHidden?: boolean;
  placeholder?: string;
  error?: string | undefined;
  icon?: ReactNode;
  testId?: string;
};

export function Field({ label, labelHidden = false, placeholder, error, icon, testId, ...props }: FieldProps) {
  return (
    <TextField {...props} className="field" isInvalid={error !== undefined}>
      <Label className={labelHidden ? 'sr-only' : 'field-label'}>{label}</Label>
      <span className="field-box">
        {icon}
        <Input className="field-input" {...(placeholder !== undefined && { placeholder })} data-testid={testId} />
      </span>
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}
