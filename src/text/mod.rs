//! What may reach a terminal: displayable form, width, wrapping, caps.
