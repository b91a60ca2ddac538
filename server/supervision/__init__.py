"""What the bureau looks at beyond the single report: campaigns that look at closed reports again."""
