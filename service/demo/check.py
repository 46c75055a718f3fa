def check_main_job(pdf): raise NotImplementedError
