"""What learners see of their own memory: the day, the month, the whole of their progress."""

from app.services.insights.days import CalendarDay, TodayGlance, glance, month
from app.services.insights.whole import Insights, insights

__all__ = ["CalendarDay", "Insights", "TodayGlance", "glance", "insights", "month"]
