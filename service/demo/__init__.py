"""The demo company, Larkfield: invented people whose cycles, reviews and plans went through the real actions."""

from service.demo import styleguide
from service.demo.check import check_main_job
from service.demo.company import open_company, print_sign_ins

__all__ = ["check_main_job", "open_company", "print_sign_ins", "styleguide"]
