"""The pages of those who watch over offices, part by part."""

from app.console.supervision import late, month, replies, verifying

PAGES = (late.blueprint, verifying.blueprint, month.blueprint, replies.blueprint)
